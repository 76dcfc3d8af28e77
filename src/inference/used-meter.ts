import type { EngineEvent, Requester, TokensUsed } from "../engine/port.ts";

/**
 * What one answer takes, told to whoever asked when the answer ends or is left. Of one that is left nobody knows the exact number of
 * tokens: each piece of text counts as one, which is never too many.
 */
export class UsedMeter implements Disposable {
  readonly #tell: Requester["used"];
  readonly #took: TokensUsed;
  readonly #elapsed: () => number;

  /**
   * @param promptTokens tokens of the prompt.
   * @param elapsed nanoseconds since the request was taken up.
   */
  constructor({ used }: Requester, model: string, promptTokens: number, elapsed: () => number) {
    this.#tell = used;
    this.#took = { model, promptTokens, cachedTokens: 0, generatedTokens: 0 };
    this.#elapsed = elapsed;
  }

  note(event: EngineEvent): void {
    if (event.type === "text") {
      this.#took.firstText ??= this.#elapsed();
      this.#took.generatedTokens += 1;
      return;
    }
    const { promptTokens, cachedTokens, generatedTokens, promptDuration, generateDuration } = event.result;
    Object.assign(this.#took, {
      promptTokens,
      cachedTokens,
      generatedTokens,
      promptDuration,
      generateDuration,
    });
  }

  [Symbol.dispose](): void {
    this.#tell?.(this.#took);
  }
}
