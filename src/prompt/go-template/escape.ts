import { isPrintable } from "./chars.ts";

const HTML: Record<string, string> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

const JS: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

/** The builtin `html`. */
export const escapeHtml = (text: string): string => text.replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char);

function escapeJsChar(char: string): string {
  const special = JS[char];
  if (special !== undefined) return special;
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0x80 && isPrintable(char)) return char;
  return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The builtin `js`: text that may stand inside a JavaScript string literal. */
export const escapeJs = (text: string): string => text.replace(/[\\'"<>&=]|[^ -~]/gu, escapeJsChar);

const escapeByte = (byte: string): string =>
  `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

/** The builtin `urlquery`: Go's `url.QueryEscape`, where a space becomes `+`. */
export const escapeQuery = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, escapeByte)
    .replaceAll("%20", "+");
