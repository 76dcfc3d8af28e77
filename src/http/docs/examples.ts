import { examples as anthropic } from "../../api/anthropic/examples.ts";
import { examples as llamero } from "../../api/llamero/examples.ts";
import { examples as ollama } from "../../api/ollama/examples.ts";
import { examples as openai } from "../../api/openai/examples.ts";
import type { ExampleBook } from "../../api/wire/examples.ts";

/** Examples of the operations of every dialect. */
export const examples: ExampleBook = { ...ollama, ...openai, ...anthropic, ...llamero };
