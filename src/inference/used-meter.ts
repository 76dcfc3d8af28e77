import type { EngineEvent, Requester, TokensUsed } from "../engine/port.ts";
import { defined } from "../lib/defined.ts";

/**
 * Reports the tokens and times of one answer to the requester, when the answer ends or its client leaves. If the client leaves early,
 * nobody knows the exact number of tokens: each piece of text counts as one, which is never too many.
 */
export class UsedMeter implements Disposable {
  readonly #tell: Requester["used"];
  readonly #took: TokensUsed;
  readonly #elapsed: () => number;
  /** The texts of prompt and answer; undefined where they are not wanted. */
  readonly #content: { prompt: string; answer: string } | undefined;

  /**
   * @param prompt its text, and the number of its tokens.
   * @param elapsed nanoseconds since the request was taken up.
   */
  constructor(
    { used, wantsText }: Requester,
    model: string,
    prompt: { text: string; tokens: number },
    elapsed: () => number,
  ) {
    this.#tell = used;
    this.#took = { model, promptTokens: prompt.tokens, cachedTokens: 0, generatedTokens: 0 };
    this.#elapsed = elapsed;
    this.#content = wantsText ? { prompt: prompt.text, answer: "" } : undefined;
  }

  note(event: EngineEvent): void {
    if (event.type === "text") {
      this.#took.firstText ??= this.#elapsed();
      this.#took.generatedTokens += 1;
      if (this.#content) this.#content.answer += event.text;
      return;
    }
    const { promptTokens, cachedTokens, generatedTokens, ...result } = event.result;
    const { promptDuration, generateDuration, cache, batch } = result;
    Object.assign(this.#took, {
      promptTokens,
      cachedTokens,
      generatedTokens,
      promptDuration,
      generateDuration,
      ...defined({ cacheSource: cache?.source, batch }),
    });
  }

  [Symbol.dispose](): void {
    this.#tell?.(this.#content ? { ...this.#took, content: this.#content } : this.#took);
  }
}
