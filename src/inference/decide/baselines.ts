import { createHash } from "node:crypto";
import type { LoadSpec } from "../../engine/port.ts";
import type { WeighedQuestion } from "../../intent/decide.ts";
import { Lru } from "../../lib/lru.ts";

/** Most questions that are remembered; one is a few numbers. */
const CAPACITY = 4096;

/**
 * The weights of answers behind an input and a question that say nothing. They depend on the model and the answers alone, but are kept for
 * each caller separately: how fast an answer comes must not tell what other callers have asked.
 */
export class Baselines {
  readonly #known = new Lru<string, number[]>(CAPACITY);

  /**
   * The baseline of each question's answers; those that are not known are weighed first, all in one go.
   * @param questions that say nothing. Several may be the same.
   * @param salt whose questions they are.
   * @param weigh what the answers to these questions weigh behind an input that says nothing.
   */
  async take(
    spec: Pick<LoadSpec, "manifestDigest" | "options">,
    questions: readonly WeighedQuestion[],
    salt: string,
    weigh: (unknown: WeighedQuestion[]) => Promise<number[][]>,
  ): Promise<number[][]> {
    const keys = questions.map((question) => keyOf(spec, question, salt));
    const byKey = new Map(keys.map((key, at) => [key, questions[at]!]));
    const known = new Map([...byKey.keys()].map((key) => [key, this.#known.take(key, () => undefined)]));
    const unknown = [...byKey].filter(([key]) => known.get(key) === undefined);
    const weighed = unknown.length === 0 ? [] : await weigh(unknown.map(([, question]) => question));
    for (const [at, [key]] of unknown.entries())
      known.set(
        key,
        this.#known.take(key, () => weighed[at]!),
      );
    return keys.map((key) => known.get(key)!);
  }
}

const keyOf = (
  { manifestDigest, options }: Pick<LoadSpec, "manifestDigest" | "options">,
  question: WeighedQuestion,
  salt: string,
): string =>
  createHash("sha256")
    .update(JSON.stringify([manifestDigest, options, question, salt]))
    .digest("base64");
