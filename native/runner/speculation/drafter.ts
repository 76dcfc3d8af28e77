/** A smaller model of the same vocabulary. It holds one row of tokens, and is asked what comes behind it. */
export interface Drafter {
  /** Tokens that it can hold. */
  readonly room: number;
  /** Most tokens of one call. */
  readonly batch: number;
  /** Forgets all behind the first `length` tokens. */
  cut(length: number): void;
  /** Evaluates tokens behind those that it holds. @returns false when it could not: what it holds is unknown until it is cut to nothing. */
  feed(tokens: readonly number[]): boolean;
  /**
   * The same, and then what it thinks comes next: at most `most` tokens, none where it is not sure. It holds them all afterwards, but for
   * the last of `most`.
   * @returns undefined when it could not, as `feed`.
   */
  guess(tokens: readonly number[], most: number): number[] | undefined;
}
