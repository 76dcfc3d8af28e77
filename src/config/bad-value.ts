/** Thrown by a parser of a variable's text; the resolver adds which variable and which text. */
export class BadValue extends Error {
  override readonly name = "BadValue";

  /** @param expected describes valid texts; completes "expected …". */
  constructor(expected: string) {
    super(`expected ${expected}`);
  }
}
