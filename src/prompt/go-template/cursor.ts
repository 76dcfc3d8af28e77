import { GoTemplateError } from "./error.ts";
import { describeToken, type Token, type TokenType } from "./token.ts";

/** Reads tokens with any look-ahead, and reports mistakes as Go does: at the line of the furthest token that was looked at. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #next = 0;
  #furthest = 0;
  /** Line on which the action being parsed starts; 0 between actions. */
  actionLine = 0;

  /** @param tokens ends with `eof` or `error`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token `ahead` of the next one; the last token repeats for ever. */
  peek(ahead = 0): Token {
    const index = Math.min(this.#next + ahead, this.#tokens.length - 1);
    this.#furthest = Math.max(this.#furthest, index);
    return this.#tokens[index]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  peekNonSpace(): Token {
    while (this.peek().type === "space") this.#next++;
    return this.peek();
  }

  takeNonSpace(): Token {
    this.peekNonSpace();
    return this.take();
  }

  expect(type: TokenType, context: string): Token {
    const token = this.takeNonSpace();
    return token.type === type ? token : this.unexpected(token, context);
  }

  unexpected(token: Token, context: string): never {
    if (token.type !== "error") this.fail(`unexpected ${describeToken(token)} in ${context}`);
    const elsewhere = this.actionLine !== 0 && this.actionLine !== token.line;
    if (!elsewhere) this.fail(token.text);
    const place = token.text.endsWith(" action") ? "started at" : "in action started at";
    this.fail(`${token.text} ${place} :${this.actionLine}`);
  }

  /** Line of the furthest token that was looked at. */
  get line(): number {
    return this.#tokens[this.#furthest]!.line;
  }

  fail(message: string, line = this.line): never {
    throw new GoTemplateError(`template: :${line}: ${message}`);
  }

  /** Runs `read`, giving a failure that lacks a position (a bad literal) the current one. */
  located<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof GoTemplateError)) throw error;
      return this.fail(error.message);
    }
  }
}
