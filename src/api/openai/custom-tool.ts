/** The parameters of a custom tool, which to the model is a function of one text. */
export const ANY_TEXT = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

/** The text that a custom tool was called with; arguments that do not follow the schema are passed on as JSON. */
export const customInput = (values: Record<string, unknown>): string =>
  typeof values.input === "string" ? values.input : JSON.stringify(values);
