import { commonMessages } from "./compare.ts";
import { type Outline, outlineSize } from "./outline.ts";

/** Bounds on what is remembered of earlier prompts. */
const MOST_PROMPTS = 512;
const MOST_CHARACTERS = 16 * 2 ** 20;

/** The least that related prompts have in common: half of the first message, or the instructions. Less is chance. */
const LEAST_LIKENESS = 1;

/** An earlier prompt. */
export interface Earlier {
  outline: Outline;
  /** Whose it was. */
  salt: string;
  /** The id that its dialect gave the answer. */
  id?: string;
  /** Tokens of the prompt. */
  tokens: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Prompts that were answered, the latest ones. Nobody is told of another caller's. */
export class PromptHistory {
  #prompts: Earlier[] = [];

  remember(prompt: Earlier): void {
    this.#prompts.push(prompt);
    let characters = this.#prompts.reduce((sum, { outline }) => sum + outlineSize(outline), 0);
    while (
      this.#prompts.length > MOST_PROMPTS ||
      (characters > MOST_CHARACTERS && this.#prompts.length > 1)
    ) {
      characters -= outlineSize(this.#prompts.shift()!.outline);
    }
  }

  named(id: string, salt: string): Earlier | undefined {
    return this.#prompts.findLast((prompt) => prompt.id === id && prompt.salt === salt);
  }

  /** The earlier prompt with most messages in common; of several the latest, one with the same instructions and tools first. */
  nearest(outline: Outline, salt: string): Earlier | undefined {
    let best: { prompt: Earlier; score: number } | undefined;
    for (const prompt of this.#prompts) {
      if (prompt.salt !== salt || prompt.outline.model !== outline.model) continue;
      const score = commonMessages(prompt.outline, outline) * 2 + sameFront(prompt.outline, outline);
      if (score >= LEAST_LIKENESS && score >= (best?.score ?? 0)) best = { prompt, score };
    }
    return best?.prompt;
  }
}

const sameFront = (a: Outline, b: Outline): number =>
  a.tools === b.tools && a.system.join("\n") === b.system.join("\n") && a.system.length + a.tools.length > 0
    ? 1
    : 0;
