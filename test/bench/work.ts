/** What is measured. All contenders get the same tokens or texts. */
export const WORK = {
  contextLength: 2048,
  parallel: 4,
  /** Tokens of the prompt, about, and of the answer for the decode figure. */
  decodePrompt: 120,
  decodeTokens: 64,
  /** Tokens of the prompt, about, for the prompt evaluation figure. */
  promptTokens: 512,
  /** Tokens of the prompt, about, and of the answer of each of the parallel streams. */
  parallelPrompt: 40,
  parallelTokens: 32,
  embedInputs: 64,
} as const;

const STORY_TOKENS = 19;
export const STORY = "Once upon a time there was a llama who lived on a mountain with her herd. ";

/** A text of about `tokens` tokens, the same for all contenders; `salt` makes it share no prefix with another. */
export const longText = (tokens: number, salt: number): string =>
  `${salt} ${STORY.repeat(Math.ceil(tokens / STORY_TOKENS))}`;

export const embedTexts = (): string[] =>
  Array.from({ length: WORK.embedInputs }, (_, i) => `Sentence number ${i} tells of a llama on a mountain.`);

export type Figure = "decode" | "prompt" | "parallel" | "embed" | "load";

/** Higher is better for all but `load`; see {@link UNITS}. */
export const UNITS: Record<Figure, string> = {
  decode: "tokens/s",
  prompt: "tokens/s",
  parallel: "tokens/s",
  embed: "inputs/s",
  load: "ms",
};

export interface Models {
  text: string;
  embedding: string;
}

/** Something that can do the work. Each figure is the result of one run. */
export interface Contender extends AsyncDisposable {
  measure(figure: Figure, salt: number): Promise<number>;
}

/**
 * Tokens a second of streams side by side, from when all of them have begun until the last has ended.
 * @param streams when each token of each stream came, in nanoseconds.
 */
export function jointRate(streams: readonly (readonly number[])[]): number {
  const begin = Math.max(...streams.map((times) => times[0] ?? 0));
  const later = streams.flat().filter((time) => time > begin);
  return perSecond(later.length, Math.max(...later) - begin);
}

export const perSecond = (count: number, nanoseconds: number): number => count / (nanoseconds / 1e9);
