/**
 * A template that does not parse, or that fails while it runs. `message` is the text that Go's `text/template` gives, position
 * prefix included, because clients and the Modelfile documentation know these texts.
 */
export class GoTemplateError extends Error {
  override readonly name = "GoTemplateError";
}
