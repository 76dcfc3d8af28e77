import type { MediaPiece, PromptPiece } from "../../src/engine/pieces.ts";
import type { Picture } from "../../src/engine/port.ts";
import { defined } from "../../src/lib/defined.ts";
import { AppError } from "../../src/lib/errors.ts";
import { isSound, mediaKind } from "../../src/lib/media-kind.ts";
import type { Decoder } from "./decoder.ts";
import { Turns } from "./turns.ts";
import type { ChunkFacts, Chunks, Encoded, Encoding, Vision } from "./vision.ts";

/** Most bytes of encoded pictures that are kept: about a hundred pictures of 256 cells for a model of 2,560 dimensions. */
const ENCODED_BYTES = 256 * 1024 * 1024;

/** Pictures whose sizes are remembered. */
const LAYOUTS = 4096;

/** A picture that a request under way has sent. */
interface Held {
  bytes: Uint8Array;
  mostPixels: number;
  /** Requests that have it. */
  holders: number;
  /** Cut for the projector; undefined until it has to be. */
  cut?: { chunks: Chunks; facts: ChunkFacts[] };
  /** While it is decoded and cut. */
  cutting?: Promise<void>;
  /** Why it cannot be. */
  failure?: AppError;
}

/** A piece that is being encoded. */
interface UnderWay {
  piece: MediaPiece;
  held: Held;
  encoding: Encoding;
  turns: Turns;
}

/** The state of a prompt's piece that is not in the KV cache: encoded, to be encoded, its file being decoded, or failed. */
export type PieceReadiness = { encoded: Encoded } | "encodable" | "cutting" | AppError;

/**
 * The pictures and sounds of a runner. A request sends its files once and holds them until it ends; what the projector makes of them is
 * kept longer, so that a conversation's next turn neither decodes nor encodes them again.
 */
export class Gallery {
  readonly #vision: Vision;
  readonly #decoder: Decoder;
  readonly #held = new Map<string, Held>();
  /** The hashes of each holder's files. */
  readonly #holds = new Map<number, Set<string>>();
  readonly #layouts = new Map<string, ChunkFacts[]>();
  /** In the order of their last use. */
  readonly #encoded = new Map<string, Encoded>();
  #encodedBytes = 0;
  #underWay: UnderWay | undefined;

  constructor(vision: Vision, decoder: Decoder) {
    this.#vision = vision;
    this.#decoder = decoder;
  }

  /**
   * Takes a file for `holder`, until {@link forget}, and tells which pieces it is in a prompt.
   *
   * @throws AppError `bad_request` for what cannot be seen or heard, with the reason.
   */
  async look(holder: number, { hash, bytes, mostPixels }: Picture): Promise<PromptPiece[]> {
    const held = this.#held.get(hash) ?? { bytes, mostPixels, holders: 0 };
    const holds = this.#holds.get(holder) ?? new Set();
    if (!holds.has(hash)) held.holders++;
    this.#held.set(hash, held);
    this.#holds.set(holder, holds.add(hash));
    if (!this.#layouts.has(hash)) await this.#cut(hash, held);
    return piecesOf(hash, this.#layouts.get(hash) ?? [], this.#vision.align);
  }

  /** The holder needs its files no longer. */
  forget(holder: number): void {
    const hashes = this.#holds.get(holder) ?? [];
    this.#holds.delete(holder);
    for (const hash of hashes) this.#drop(hash);
  }

  #drop(hash: string): void {
    const held = this.#held.get(hash);
    if (held === undefined || --held.holders > 0) return;
    this.#held.delete(hash);
    if (this.#underWay?.held === held) this.#giveUp(this.#underWay);
    if (held.cut !== undefined) this.#vision.free(held.cut.chunks);
  }

  /** @param wake called when a piece that is being decoded is ready. */
  readiness(piece: MediaPiece, wake: () => void): PieceReadiness {
    const encoded = this.#encoded.get(keyOf(piece));
    if (encoded !== undefined) {
      this.#touch(piece, encoded);
      return { encoded };
    }
    const held = this.#held.get(piece.hash);
    if (held === undefined) return new AppError("engine", "the picture is no longer there");
    if (held.failure !== undefined) return held.failure;
    if (held.cut !== undefined) return "encodable";
    this.#cut(piece.hash, held).then(wake, wake);
    return "cutting";
  }

  /**
   * Gives a turn to the piece that is being encoded, else begins with one that is `encodable`. A piece that fails is no longer `encodable`.
   * Blocks for a turn.
   */
  encode(piece: MediaPiece): void {
    this.#underWay ??= this.#begin(piece);
    const underWay = this.#underWay;
    try {
      const encoded = underWay.turns.take((ms) => underWay.encoding.turn(ms));
      if (encoded === undefined) return;
      this.#keep(underWay.piece, encoded);
      report(underWay, "encoded", `${encoded.cells} cells`);
    } catch (error) {
      underWay.held.failure = AppError.from(error);
    }
    this.#underWay = undefined;
  }

  #begin(piece: MediaPiece): UnderWay {
    const held = this.#held.get(piece.hash)!;
    const { chunks, facts } = held.cut!;
    const index = facts.flatMap(({ tokens }, at) => (tokens === undefined ? [at] : []))[piece.chunk]!;
    const encoding = this.#vision.begin(chunks, index, facts[index]!);
    return { piece, held, encoding, turns: new Turns(() => performance.now()) };
  }

  /** Stops encoding a piece that no request wants any more. */
  #giveUp(underWay: UnderWay): void {
    underWay.encoding.giveUp();
    this.#underWay = undefined;
    report(underWay, "encoding", "given up");
  }

  async #cut(hash: string, held: Held): Promise<void> {
    held.cutting ??= this.#decodeAndCut(hash, held).finally(() => {
      delete held.cutting;
    });
    await held.cutting;
  }

  async #decodeAndCut(hash: string, held: Held): Promise<void> {
    try {
      const chunks = await this.#chunksOf(held);
      const facts = this.#vision.describe(chunks);
      this.#remember(hash, facts);
      // Perhaps no request wants it any more.
      if (held.holders > 0) held.cut = { chunks, facts };
      else this.#vision.free(chunks);
    } catch (error) {
      held.failure = AppError.from(error);
      throw held.failure;
    }
  }

  async #chunksOf({ bytes, mostPixels }: Held): Promise<Chunks> {
    const kind = mediaKind(bytes);
    if ("taken" in kind && isSound(kind.taken)) {
      const { sampleRate } = this.#vision;
      if (sampleRate === undefined) throw new AppError("bad_request", "this model does not hear");
      return this.#vision.sound((await this.#decoder.sound(bytes, sampleRate)).samples);
    }
    if (!this.#vision.sees) throw new AppError("bad_request", "this model does not see");
    const { width, height, rgb } = await this.#decoder.picture(bytes, mostPixels);
    return this.#vision.picture(width, height, rgb);
  }

  #remember(hash: string, facts: ChunkFacts[]): void {
    this.#layouts.set(hash, facts);
    const [oldest] = this.#layouts.keys();
    if (this.#layouts.size > LAYOUTS && oldest !== undefined) this.#layouts.delete(oldest);
  }

  #touch(piece: MediaPiece, encoded: Encoded): void {
    this.#encoded.delete(keyOf(piece));
    this.#encoded.set(keyOf(piece), encoded);
  }

  #keep(piece: MediaPiece, encoded: Encoded): void {
    this.#encoded.set(keyOf(piece), encoded);
    this.#encodedBytes += encoded.rows.byteLength;
    for (const [key, { rows }] of this.#encoded) {
      if (this.#encodedBytes <= ENCODED_BYTES || this.#encoded.size === 1) return;
      this.#encoded.delete(key);
      this.#encodedBytes -= rows.byteLength;
    }
  }
}

/** A line of the log. */
function report({ piece: { hash, chunk }, turns }: UnderWay, verb: string, outcome: string): void {
  const took = `in ${Math.round(turns.took)} ms, ${turns.count} turns`;
  console.log(`${verb} ${hash.slice(0, 12)}, chunk ${chunk}: ${outcome} ${took}`);
}

const keyOf = ({ hash, chunk }: MediaPiece): string => `${hash}/${chunk}`;

/** A picture's place in a prompt: what is to be encoded, and the projector's own text around and between. */
function piecesOf(hash: string, facts: readonly ChunkFacts[], align: number | undefined): PromptPiece[] {
  let chunk = 0;
  return facts.map(
    ({ tokens, cells, positions }) =>
      tokens ?? { hash, chunk: chunk++, cells, positions, ...defined({ align }) },
  );
}
