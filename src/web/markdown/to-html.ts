import DOMPurify from "dompurify";
import { Marked } from "marked";
import { asWritten, type MathWriter } from "./formula.ts";
import { divideMath } from "./math.ts";
import { plainHtml } from "./raw-html.ts";

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => plainHtml(text),
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

/** Stands for a formula while Markdown is read; no model writes it. */
const place = (index: number): string => `\u{e000}${index}\u{e001}`;
const PLACES = /\u{e000}(\d+)\u{e001}/gu;

/** MathML as Temml writes it has these besides what DOMPurify knows. */
const ALLOWED = { ADD_TAGS: ["semantics", "annotation"], ADD_ATTR: ["target", "encoding"] };

/**
 * A model's Markdown as HTML that is safe to show: no scripts, styles or forms, no picture from elsewhere, and links that open in a
 * new tab without telling where from.
 *
 * @param math undefined: formulas are shown as they were written, until the writer has been loaded.
 */
export function toHtml(markdown: string, math: MathWriter | undefined): string {
  const formulas: string[] = [];
  const text = divideMath(markdown)
    .map((piece) => {
      if ("text" in piece) return piece.text;
      formulas.push(math ? math(piece.formula, piece.display) : asWritten(piece.formula));
      return place(formulas.length - 1);
    })
    .join("");
  const html = marked
    .parse(text, { async: false })
    .replace(PLACES, (_, index) => formulas[Number(index)] ?? "");
  return DOMPurify.sanitize(html, {
    ...ALLOWED,
    FORBID_TAGS: ["style", "form", "input", "button", "iframe"],
    FORBID_ATTR: ["style"],
  });
}

export const hasMath = (markdown: string): boolean =>
  divideMath(markdown).some((piece) => "formula" in piece);

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  // The page's policy would refuse them; a broken picture tells nobody why.
  if (node.tagName === "IMG" && !node.getAttribute("src")?.startsWith("data:")) {
    const what = node.getAttribute("alt") || node.getAttribute("src") || "without a name";
    node.replaceWith(document.createTextNode(`[picture: ${what}]`));
  }
});
