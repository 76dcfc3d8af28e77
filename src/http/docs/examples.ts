import { anthropicExamples } from "../../api/anthropic/examples.ts";
import { llameroExamples } from "../../api/llamero/examples.ts";
import { ollamaExamples } from "../../api/ollama/examples.ts";
import { openaiExamples } from "../../api/openai/examples.ts";
import type { ExampleBook } from "../../api/wire/examples.ts";

/** Examples of the operations of every dialect. */
export const allExamples: ExampleBook = {
  ...ollamaExamples,
  ...openaiExamples,
  ...anthropicExamples,
  ...llameroExamples,
};
