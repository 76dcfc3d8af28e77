import type { PairPart, TokenizerLease } from "../engine/port.ts";

/** A query and a document as a model that ranks reads them. */
export interface RankPair {
  tokens: number[];
  /** The end of the document is missing because it does not fit; what `document` leaves out does not count. */
  cut: boolean;
}

/** Most tokens that a pair may have, and of those, that the document may. */
export interface PairLimits {
  pair: number;
  document: number;
}

type Tokenizer = Pick<TokenizerLease, "tokenize">;

const PLACE = "{document}";

/** Everything of a pair but the document: tokens before it, texts right at its sides, tokens behind it. */
interface PairFrame {
  front: number[];
  before: string;
  after: string;
  back: number[];
}

/** Control tokens in what users write are text: a document cannot end its own part of the prompt and begin another. */
const plainTokens = (text: string, tokenizer: Tokenizer): Promise<number[]> =>
  text === "" ? Promise.resolve([]) : tokenizer.tokenize(text, { addSpecial: false, parseSpecial: false });

/** Puts documents beside one query. */
export class PairMaker {
  readonly #tokenizer: Tokenizer;
  readonly #frame: PairFrame;
  /** Tokens of the frame, the texts at the document's sides included. */
  readonly #bare: number;

  private constructor(tokenizer: Tokenizer, frame: PairFrame, bare: number) {
    this.#tokenizer = tokenizer;
    this.#frame = frame;
    this.#bare = bare;
  }

  /** @param pair the model's own way; `{document}` occurs in it once. */
  static async of(pair: readonly PairPart[], query: string, tokenizer: Tokenizer): Promise<PairMaker> {
    const at = pair.findIndex((part) => typeof part === "string" && part.includes(PLACE));
    // Split before the query is put in, whose text may have the words of a place in it.
    const [before = "", after = ""] = String(pair[at]).split(PLACE);
    const filled = (text: string) => text.replaceAll("{query}", () => query);
    const tokensOf = async (parts: readonly PairPart[]) =>
      (
        await Promise.all(
          parts.map((part) => (typeof part === "number" ? [part] : plainTokens(filled(part), tokenizer))),
        )
      ).flat();
    const frame: PairFrame = {
      front: await tokensOf(pair.slice(0, at)),
      before: filled(before),
      after: filled(after),
      back: await tokensOf(pair.slice(at + 1)),
    };
    const sides = await plainTokens(frame.before + frame.after, tokenizer);
    return new PairMaker(tokenizer, frame, frame.front.length + sides.length + frame.back.length);
  }

  /** Tokens that are left for a document in a pair of at most `limit` tokens. */
  room(limit: number): number {
    return limit - this.#bare;
  }

  async make(document: string, limits: PairLimits): Promise<RankPair> {
    const { front, before, after, back } = this.#frame;
    const most = Math.min(limits.pair, this.#bare + limits.document);
    const middle = await plainTokens(before + document + after, this.#tokenizer);
    const around = front.length + back.length;
    if (around + middle.length <= most) return { tokens: [...front, ...middle, ...back], cut: false };
    const [head, tail] = await Promise.all([
      plainTokens(before + document, this.#tokenizer),
      plainTokens(after, this.#tokenizer),
    ]);
    const kept = head.slice(0, Math.max(0, most - around - tail.length));
    return {
      tokens: [...front, ...kept, ...tail, ...back],
      cut: limits.document > this.room(limits.pair) && around + middle.length > limits.pair,
    };
  }
}
