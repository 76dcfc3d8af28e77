import { cellsIn, isMedia, type PromptPiece, placed } from "../engine/pieces.ts";
import type { Requester, TokenizerLease } from "../engine/port.ts";
import { PictureMarks } from "../prompt/picture-marks.ts";
import { endsOf } from "./limits.ts";
import { openPicture, type PictureRules } from "./pictures.ts";

/** Random bytes in the marks of a request's pictures. */
const NONCE_BYTES = 8;

/** The pictures of one request. Each is decoded and measured once, when a prompt that has it is tokenised for the first time. */
export class Album {
  readonly marks = new PictureMarks(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toHex());
  readonly #images: readonly string[];
  readonly #rules: PictureRules;
  readonly #requester: Requester;
  readonly #seen = new Map<number, Promise<PromptPiece[]>>();

  constructor(images: readonly string[], rules: PictureRules, requester: Requester) {
    this.#images = images;
    this.#rules = rules;
    this.#requester = requester;
  }

  /** The pieces of a prompt that picture `number` becomes. @throws AppError `bad_request` with the reason why it cannot be decoded. */
  pieces(number: number, lease: TokenizerLease): Promise<PromptPiece[]> {
    const seen = this.#seen.get(number) ?? this.#look(number, lease);
    this.#seen.set(number, seen);
    return seen;
  }

  async #look(number: number, lease: TokenizerLease): Promise<PromptPiece[]> {
    const picture = await openPicture(this.#images[number]!, this.#rules, this.#requester);
    return lease.look(picture, this.#requester.signal);
  }
}

/** Tokenises rendered prompts behind a context; what it has seen last need not be tokenised again. */
export class PromptTokenizer {
  readonly #lease: TokenizerLease;
  readonly #context: number[];
  readonly #album: Album;
  readonly #limit: number;
  readonly #seen = new Map<string, PromptPiece[]>();

  /** @param limit tokens that the prompt can have at most; of longer texts only the ends are tokenised. */
  constructor(lease: TokenizerLease, context: number[], album: Album, limit: number) {
    this.#lease = lease;
    this.#context = context;
    this.#album = album;
    this.#limit = limit;
  }

  /** @throws AppError `bad_request` for a picture that cannot be seen. */
  async pieces(text: string): Promise<PromptPiece[]> {
    const seen = this.#seen.get(text);
    if (seen !== undefined) return seen;
    const parts = this.#album.marks.split(text);
    const pieces =
      parts.length > 1 || typeof parts[0] === "number" ? await this.#mixed(parts) : await this.#text(text);
    this.#seen.set(text, pieces);
    return pieces;
  }

  /** The pieces of the beginning of a prompt; more text follows it. */
  opening(text: string): Promise<PromptPiece[]> {
    return this.#mixed(this.#album.marks.split(text));
  }

  async #text(text: string): Promise<PromptPiece[]> {
    // The context has a BOS token of its own, if the model wants one.
    return [[...this.#context, ...(await this.#tokens(text, this.#context.length === 0))]];
  }

  async #tokens(text: string, addSpecial: boolean): Promise<number[]> {
    const { head, tail } = endsOf(text, this.#limit, this.#lease.info);
    const tokens = await this.#lease.tokenize(head, { addSpecial, parseSpecial: true });
    if (tail === undefined) return tokens;
    return [...tokens, ...(await this.#lease.tokenize(tail, { addSpecial: false, parseSpecial: true }))];
  }

  /** Each text is tokenised by itself, as libmtmd does it. What the model wants behind a text is not put behind one that a picture follows. */
  async #mixed(parts: readonly (string | number)[]): Promise<PromptPiece[]> {
    const start = this.#context.length === 0 ? await this.#bos() : this.#context;
    const pieces = await Promise.all(
      parts.map(async (part) =>
        typeof part === "number" ? this.#album.pieces(part, this.#lease) : [await this.#tokens(part, false)],
      ),
    );
    return joined([start, ...pieces.flat()]);
  }

  async #bos(): Promise<number[]> {
    if (!this.#lease.info.addsBos) return [];
    return (await this.#lease.tokenize("", { addSpecial: true, parseSpecial: false })).slice(0, 1);
  }
}

/** Neighbouring runs of tokens as one, and pictures at their places. */
function joined(pieces: readonly PromptPiece[]): PromptPiece[] {
  const result: PromptPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (isMedia(piece)) result.push(placed(piece, cellsIn(result)));
    else if (last === undefined || isMedia(last)) result.push([...piece]);
    else last.push(...piece);
  }
  return result.filter((piece) => isMedia(piece) || piece.length > 0);
}
