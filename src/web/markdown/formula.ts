/** The part of Temml that is used. */
export interface Temml {
  renderToString(formula: string, options: { displayMode: boolean; throwOnError: boolean }): string;
}

/** Writes a formula as HTML. */
export type MathWriter = (formula: string, display: boolean) => string;

/** Formulas as MathML. One that cannot be read, because it is wrong or because it breaks Temml, is shown as it was written. */
export function mathWriter(temml: Temml): MathWriter {
  return (formula, displayMode) => {
    try {
      return (
        temml
          .renderToString(formula, { displayMode, throwOnError: true })
          // The page's policy refuses them, and says so in the console.
          .replace(/ style="[^"]*"/g, "")
      );
    } catch {
      return asWritten(formula);
    }
  };
}

/** A formula as its author wrote it. */
export const asWritten = (formula: string): string => `<code>${escapeHtml(formula)}</code>`;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char);
