import { JSON_SAMPLES } from "./answer-samples/json.ts";
import type { Sample } from "./answer-samples/sample.ts";
import { TAGGED_SAMPLES } from "./answer-samples/tagged.ts";

export { type Expected, type Sample, TOOLS } from "./answer-samples/sample.ts";

/** Answers in every syntax that is known, and what is to come of them. */
export const SAMPLES: Sample[] = [...JSON_SAMPLES, ...TAGGED_SAMPLES];
