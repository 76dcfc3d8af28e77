/** Tags that models write for their looks. Whatever else has the form of a tag is text to the reader, as `Vec<String>` is. */
const TAGS = [
  ..."a b blockquote br caption center code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q".split(
    " ",
  ),
  ..."s samp small span strike strong sub summary sup table tbody td tfoot th thead tr u ul var".split(" "),
];
const ATTRIBUTES = "align alt colspan height href open rowspan src start title width".split(" ");

const VALUE = `\\s*=\\s*(?:"[^"<>]*"|'[^'<>]*')`;
const ALLOWED = `/?(?:${TAGS.join("|")})(?:\\s+(?:${ATTRIBUTES.join("|")})(?:${VALUE})?)*\\s*/?>`;
const OTHER = new RegExp(`<(?!${ALLOWED})`, "gi");

/** HTML within Markdown with everything but plain tags shown as it was written, so that nothing of an answer is lost. */
export const plainHtml = (html: string): string => html.replace(OTHER, "&lt;");
