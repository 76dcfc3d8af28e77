/** A smaller model of the same vocabulary. It holds one row of tokens, and guesses the tokens behind it. */
export interface Drafter {
  /** Tokens that it can hold. */
  readonly room: number;
  /** Most tokens of one call. */
  readonly batch: number;
  /** Forgets all behind the first `length` tokens. */
  cut(length: number): void;
  /** Evaluates tokens behind those that it holds. @returns false when it failed: its row is unknown until it is cut to nothing. */
  feed(tokens: readonly number[]): boolean;
  /**
   * The same, and then guesses the next tokens: at most `most`, none where it is not sure. It holds them all afterwards, but for the last
   * of `most`.
   * @returns undefined when it failed, as `feed`.
   */
  guess(tokens: readonly number[], most: number): number[] | undefined;
}
