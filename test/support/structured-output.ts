import { Gbnf } from "./gbnf.ts";
import type { TestRunner } from "./real-runner.ts";
import { schemaGrammar } from "./schema-grammar.ts";
import type { SchemaCase } from "./schemas/case.ts";
import { validator } from "./validator.ts";

export interface StructuredAnswer {
  text: string;
  /** The model ended it; otherwise it ran into `numPredict`. */
  complete: boolean;
  /** What is wrong with it, with all that is needed to see it again; undefined: nothing. */
  complaint: string | undefined;
}

const NUM_PREDICT = 128;

const prompt = (schema: unknown): string =>
  `<|im_start|>user\nAnswer with short JSON for this schema: ${JSON.stringify(schema).slice(0, 400)}<|im_end|>\n` +
  "<|im_start|>assistant\n";

/**
 * Lets a model write under a schema's grammar at temperature 1, cut off after 128 tokens, and judges what it has written: a whole
 * answer by the independent validator, a piece of one by the independent simulation of the grammar.
 */
export async function structuredAnswer(
  runner: TestRunner,
  { name, schema, warnings = 0 }: SchemaCase,
  seed: number,
): Promise<StructuredAnswer> {
  const { grammar } = schemaGrammar(schema);
  const tokens = await runner.tokenize(prompt(schema));
  const sampling = { seed, temperature: 1, topK: 0, topP: 1, numPredict: NUM_PREDICT };
  const { text, end } = await runner.generate(tokens, sampling, { grammar, shift: false });
  const complain = (what: string) => `${name}, seed ${seed}: ${what}: ${text}`;
  if (end.type === "error") return { text, complete: false, complaint: complain(end.message) };
  if (end.reason === "length") {
    const begins = new Gbnf(grammar).allows(text.replace(/\u{fffd}+$/u, ""));
    return { text, complete: false, complaint: begins ? undefined : complain("not the beginning of any") };
  }
  const valid = warnings > 0 ? isJson(text) : isJson(text) && validator(schema)(JSON.parse(text));
  return { text, complete: true, complaint: valid ? undefined : complain("not valid") };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
