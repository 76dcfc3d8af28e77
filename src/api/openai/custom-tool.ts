/** What a custom tool is to the model: a function of one text. */
export const ANY_TEXT = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

/** The text that a custom tool was called with; a model that strays from the schema is taken at its word. */
export const customInput = (values: Record<string, unknown>): string =>
  typeof values.input === "string" ? values.input : JSON.stringify(values);
