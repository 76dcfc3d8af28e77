const BUILTINS = [
  "and",
  "or",
  "not",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "len",
  "index",
  "slice",
  "print",
  "printf",
  "println",
  "html",
  "js",
  "urlquery",
  "call",
] as const;

const ADDED = ["json", "currentDate", "yesterdayDate", "toTypeScriptType"] as const;

export type FunctionName = (typeof BUILTINS)[number] | (typeof ADDED)[number];

/**
 * The functions that a template may call: Go's builtins and Ollama's four (docs/behaviour: modelfile §2). Unknown names fail when parsed.
 */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set<string>([...BUILTINS, ...ADDED]);
