/** Instructions that take one value. `draft`, `renderer` and `parser` are parsed although not every server acts on them. */
export const VALUE_INSTRUCTIONS = [
  "from",
  "license",
  "template",
  "system",
  "adapter",
  "draft",
  "renderer",
  "parser",
  "requires",
] as const;

export const MESSAGE_ROLES = ["system", "user", "assistant"] as const;

export type ValueInstruction = (typeof VALUE_INSTRUCTIONS)[number];
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** One command of a Modelfile, its value unquoted (docs/behaviour: modelfile §1.4). */
export type Instruction =
  | { type: ValueInstruction; value: string }
  | { type: "parameter"; key: string; value: string }
  | { type: "message"; role: MessageRole; content: string };

/** A Modelfile that cannot be read; `message` is the literal text of spec modelfile §1.3. */
export class ModelfileError extends Error {
  override readonly name = "ModelfileError";
}
