import type { Usage } from "../../intent/generate.ts";
import { cacheDiagnostics } from "../wire/cache-diagnosis.ts";
import type { OpenaiUsage } from "./schema/reply.ts";

/** Adds up the counts of the answers to a request. */
export class UsageSum {
  readonly #answers: number;
  #prompt = 0;
  #cached = 0;
  #completion = 0;
  #reasoning = 0;
  #drafted = 0;
  #accepted = 0;
  /** The counts of the first prompt. */
  #first: Usage | undefined;

  /** @param answers the number of answers to each prompt; a prompt counts once. */
  constructor(answers: number) {
    this.#answers = answers;
  }

  add(index: number, usage: Usage): void {
    this.#completion += usage.generatedTokens;
    this.#reasoning += usage.thinkingTokens ?? 0;
    this.#drafted += usage.speculation?.drafted ?? 0;
    this.#accepted += usage.speculation?.accepted ?? 0;
    if (index % this.#answers !== 0) return;
    if (index === 0) this.#first = usage;
    this.#prompt += usage.promptTokens;
    this.#cached += usage.cachedTokens;
  }

  get #guesses() {
    const rejected = this.#drafted - this.#accepted;
    if (this.#drafted === 0) return {};
    return { accepted_prediction_tokens: this.#accepted, rejected_prediction_tokens: rejected };
  }

  get wire(): OpenaiUsage {
    return {
      prompt_tokens: this.#prompt,
      completion_tokens: this.#completion,
      total_tokens: this.#prompt + this.#completion,
      prompt_tokens_details: { cached_tokens: this.#cached },
      completion_tokens_details: { reasoning_tokens: this.#reasoning, ...this.#guesses },
      ...(this.#first && cacheDiagnostics(this.#first)),
    };
  }
}
