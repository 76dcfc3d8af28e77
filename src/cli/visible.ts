/** Where the pictures of the control characters begin: ␀. */
const PICTURES = 0x2400;
const DELETE = 0x7f;

/** Control characters but newline and tab, and those that turn the direction of the text around them. */
const HIDDEN = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as a terminal may show it: characters that would steer the terminal (move its cursor, change its title, hide text) are shown as
 * symbols and not obeyed. Models, their licenses and the names of their files are written by others.
 */
export const visible = (text: string): string => text.replaceAll("\r\n", "\n").replace(HIDDEN, pictureOf);

function pictureOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(PICTURES + code);
  if (code === DELETE) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}
