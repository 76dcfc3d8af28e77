import type { FromRunner, ToRunner } from "../../src/engine/protocol.ts";
import { cutPoint } from "./cut-point.ts";
import type { Vocabulary } from "./vocabulary.ts";

type TokenizeCall = Extract<ToRunner, { type: "tokenize" }>;

/** Characters of a text that are tokenised at a time: some ten milliseconds, less than a step of any model worth waiting for. */
const PIECE = 32_768;

interface QueuedText {
  question: TokenizeCall;
  /** Characters done. */
  at: number;
  tokens: number[];
}

/** Tokenises texts a piece at a time, so that answers under way wait for one piece of a long text and not for all of it. */
export class TokenizerQueue {
  readonly #vocabulary: Vocabulary;
  readonly #send: (message: FromRunner) => void;
  #works: QueuedText[] = [];

  constructor(vocabulary: Vocabulary, send: (message: FromRunner) => void) {
    this.#vocabulary = vocabulary;
    this.#send = send;
  }

  get idle(): boolean {
    return this.#works.length === 0;
  }

  /** A text of one piece is answered at once. */
  add(question: TokenizeCall): void {
    const { id, text, addSpecial, parseSpecial } = question;
    if (text.length > PIECE) this.#works.push({ question, at: 0, tokens: [] });
    else
      this.#send({ type: "tokens", id, tokens: this.#vocabulary.tokenize(text, addSpecial, parseSpecial) });
  }

  cancel(id: number): void {
    const before = this.#works.length;
    this.#works = this.#works.filter(({ question }) => question.id !== id);
    if (this.#works.length < before)
      this.#send({ type: "error", id, kind: "cancelled", message: "request canceled" });
  }

  /** One piece of one text; those that wait take turns. */
  step(): void {
    const work = this.#works.shift();
    if (work === undefined) return;
    this.#advance(work);
    if (work.at < work.question.text.length) this.#works.push(work);
    else this.#finish(work);
  }

  #advance(work: QueuedText): void {
    const { text, parseSpecial } = work.question;
    const tokenize = (part: string) => this.#vocabulary.tokenize(part, false, parseSpecial);
    const { end, next } = cutPoint(text, work.at, work.at + PIECE, tokenize);
    for (const token of tokenize(text.slice(work.at, end))) work.tokens.push(token);
    work.at = next;
  }

  #finish({ question: { id, addSpecial }, tokens }: QueuedText): void {
    const { before, after } = addSpecial ? this.#vocabulary.borders() : { before: [], after: [] };
    this.#send({ type: "tokens", id, tokens: [...before, ...tokens, ...after] });
  }
}
