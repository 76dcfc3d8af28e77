import { cc, type Pointer } from "bun:ffi";
import { dirname, join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import { ALIGNED, type ChunkPart, COUNTING, type Places, planes, positionsOf } from "./media-positions.ts";
import { cText, linkTo, ptr, type Shim, textAt } from "./shim.ts";

const SYMBOLS = {
  vision_open: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  vision_close: { args: [], returns: "void" },
  vision_last_error: { args: [], returns: "ptr" },
  vision_report: { args: [], returns: "ptr" },
  vision_sees: { args: [], returns: "bool" },
  vision_sample_rate: { args: [], returns: "i32" },
  vision_width: { args: [], returns: "i32" },
  vision_is_planar: { args: [], returns: "bool" },
  vision_is_mutual: { args: [], returns: "bool" },
  vision_picture: { args: ["u32", "u32", "ptr"], returns: "ptr" },
  vision_sound: { args: ["u32", "ptr"], returns: "ptr" },
  vision_free: { args: ["ptr"], returns: "void" },
  vision_count: { args: ["ptr"], returns: "i32" },
  vision_describe: { args: ["ptr", "i32", "ptr"], returns: "void" },
  vision_tokens: { args: ["ptr", "i32", "ptr"], returns: "void" },
  vision_encode_begin: { args: ["ptr", "i32"], returns: "void" },
  vision_encode_turn: { args: ["i64"], returns: "i32" },
  vision_encode_give_up: { args: [], returns: "void" },
  vision_take: { args: ["ptr", "i32", "ptr", "ptr", "ptr"], returns: "void" },
  vision_decode: { args: ["ptr", "i32", "i32", "ptr", "ptr", "bool", "i32"], returns: "i32" },
} as const;

type VisionShim = ReturnType<typeof compile>;

/** A picture or a sound, cut for the projector: its chunks, some of them the projector's own text. */
export type Chunks = Pointer & { readonly chunks: unique symbol };

export interface ChunkFacts {
  /** Tokens of the projector's own; undefined for a chunk that is to be encoded. */
  tokens: number[] | undefined;
  cells: number;
  positions: number;
  /** Its cells attend to all of each other. */
  mutual: boolean;
}

/** A chunk's place in the model's own space, ready to be decoded into any slot. */
export interface Encoded {
  cells: number;
  /** One row a cell. */
  rows: Float32Array;
  mutual: boolean;
  /** Undefined where positions follow one another. */
  places?: Places;
}

export interface VisionOptions {
  /** Path of the projector's GGUF. */
  projector: string;
  /** Its `clip.projector_type`. */
  projectorType: string;
  /** Path of libmtmd. */
  library: string;
  /** Folder of the llama.cpp that the process has loaded. */
  binaries: string;
  threads: number;
  gpuLayers: number;
  /** -1: libmtmd chooses. */
  mainGpu: number;
  /** Fewest cells of one picture, where the projector lets that be chosen; 0: as the projector says. */
  minCells: number;
  /** Most cells of one picture, where that can be chosen; 0: as the projector says. */
  maxCells: number;
}

/** A chunk that is being encoded. It is over when a turn returns or throws, or when it has been given up. */
export interface Encoding {
  /**
   * Goes on for about so many milliseconds. Blocks.
   * @returns undefined when it needs another turn. @throws AppError `engine` when libmtmd fails.
   */
  turn(ms: number): Encoded | undefined;
  giveUp(): void;
}

/** The result of `vision_encode_turn`, in encode.c. */
const DONE = 0;
const GOES_ON = 1;

/** The loaded model's eyes and ears: libmtmd, through the shim. */
export class Vision {
  readonly #shim: VisionShim;
  readonly #planar: boolean;
  readonly #width: number;
  readonly #counts: boolean;
  /** Pictures have to begin at a multiple of so many cells, or with less padding; see MediaPiece. */
  readonly align: number | undefined;
  readonly sees: boolean;
  /** Samples a second of sounds; undefined: it does not hear. */
  readonly sampleRate: number | undefined;

  private constructor(shim: VisionShim, projectorType: string) {
    this.#shim = shim;
    this.align = ALIGNED[projectorType];
    this.#counts = COUNTING.has(projectorType);
    this.#planar = shim.vision_is_planar();
    this.#width = shim.vision_width();
    this.sees = shim.vision_sees();
    const rate = shim.vision_sample_rate();
    this.sampleRate = rate > 0 ? rate : undefined;
  }

  /** @throws AppError `engine` with libmtmd's last error line for a projector that does not fit the model, or is none. */
  static open(shim: Shim, options: VisionOptions): Vision {
    const vision = compile(options);
    const { threads, gpuLayers, mainGpu, minCells, maxCells } = options;
    const fields = Int32Array.of(threads, gpuLayers, mainGpu, minCells, maxCells);
    const code = vision.vision_open(shim.shim_model() as Pointer, ptr(cText(options.projector)), ptr(fields));
    if (code === 0) return new Vision(vision, options.projectorType);
    throw new AppError("engine", `failed to load the projector: ${textAt(vision.vision_last_error())}`);
  }

  /** llama.cpp's log lines on buffers. */
  get report(): string {
    return textAt(this.#shim.vision_report());
  }

  /** The largest chunk that has to be in one micro-batch, in cells; 0 when none has to. */
  get largestMutual(): number {
    if (!this.sees || !this.#shim.vision_is_mutual()) return 0;
    const sizes = this.#probes().map((chunks) => chunks.map(({ mutual, cells }) => (mutual ? cells : 0)));
    return Math.max(0, ...sizes.flat());
  }

  /** Cells that the largest of pictures takes, in all of its chunks. */
  get largestPicture(): number {
    const sizes = this.#probes().map((chunks) => chunks.reduce((sum, { cells }) => sum + cells, 0));
    return Math.max(0, ...sizes);
  }

  /** The chunks of pictures of extreme shapes, which need no pixels for that. */
  #probes(): ChunkFacts[][] {
    if (!this.sees) return [];
    return PROBES.map(([width, height]) => {
      const chunks = this.#chunksOf(this.#shim.vision_picture(width, height, null));
      const facts = this.describe(chunks);
      this.free(chunks);
      return facts;
    });
  }

  /** Gives its memory back; nothing may be asked of it afterwards. */
  close(): void {
    this.#shim.vision_close();
  }

  /** @param rgb three bytes a pixel. @throws AppError `bad_request` for a picture that the projector cannot cut. */
  picture(width: number, height: number, rgb: Uint8Array): Chunks {
    return this.#chunksOf(this.#shim.vision_picture(width, height, ptr(rgb)));
  }

  /** @param samples -1 to 1, {@link sampleRate} a second. */
  sound(samples: Float32Array): Chunks {
    return this.#chunksOf(this.#shim.vision_sound(samples.length, ptr(samples)));
  }

  describe(chunks: Chunks): ChunkFacts[] {
    return Array.from({ length: this.#shim.vision_count(chunks) }, (_, index) => {
      const facts = new Int32Array(4);
      this.#shim.vision_describe(chunks, index, ptr(facts));
      const [cells = 0, positions = 0, media, mutual] = facts;
      return {
        tokens: media ? undefined : this.#tokens(chunks, index, cells),
        cells,
        positions,
        mutual: mutual === 1,
      };
    });
  }

  free(chunks: Chunks): void {
    this.#shim.vision_free(chunks);
  }

  /** Begins to encode a chunk. One at a time. */
  begin(chunks: Chunks, index: number, facts: Pick<ChunkFacts, "cells" | "mutual">): Encoding {
    this.#shim.vision_encode_begin(chunks, index);
    return {
      turn: (ms) => {
        const outcome = this.#shim.vision_encode_turn(BigInt(Math.round(ms * 1000)));
        if (outcome === GOES_ON) return undefined;
        if (outcome === DONE) return this.#taken(chunks, index, facts);
        throw new AppError("engine", `the picture could not be encoded: ${this.#lastError()}`);
      },
      giveUp: () => this.#shim.vision_encode_give_up(),
    };
  }

  #taken(chunks: Chunks, index: number, { cells, mutual }: Pick<ChunkFacts, "cells" | "mutual">): Encoded {
    const rows = new Float32Array(cells * this.#width);
    const places = this.#planar ? { at: planes(cells), moves: planes(cells) } : undefined;
    this.#shim.vision_take(
      chunks,
      index,
      ptr(rows),
      places === undefined ? null : ptr(places.at),
      places === undefined ? null : ptr(places.moves),
    );
    return { cells, rows, mutual, ...(places && { places }) };
  }

  /**
   * Decodes cells `from` to `from + count` of a chunk into a sequence of a context.
   *
   * @returns llama_decode's code. The last output's logits are in row count - 1.
   */
  decode(
    context: Pointer,
    sequence: number,
    encoded: Encoded,
    { begin, from, count, number, outputs }: ChunkPart,
  ): number {
    const rows = encoded.rows.subarray(from * this.#width, (from + count) * this.#width);
    const positions = positionsOf(encoded, { begin, from, count, number: this.#counts ? number : 0 });
    return this.#shim.vision_decode(
      context,
      sequence,
      count,
      ptr(rows),
      ptr(positions),
      encoded.mutual,
      outputs,
    );
  }

  #tokens(chunks: Chunks, index: number, count: number): number[] {
    const out = new Int32Array(Math.max(1, count));
    this.#shim.vision_tokens(chunks, index, ptr(out));
    return Array.from(out.subarray(0, count));
  }

  #chunksOf(address: ReturnType<VisionShim["vision_picture"]>): Chunks {
    if (address === null)
      throw new AppError("bad_request", `the picture could not be read: ${this.#lastError()}`);
    return Number(address) as Chunks;
  }

  #lastError(): string {
    return textAt(this.#shim.vision_last_error()) || "libmtmd does not say why";
  }
}

/** Shapes of pictures, of which one has the most cells that the projector makes of any. */
const PROBES = [
  [4096, 4096],
  [4096, 1024],
  [1024, 4096],
] as const;

function compile({ library, binaries }: Pick<VisionOptions, "library" | "binaries">) {
  const linked = linkTo(binaries);
  const folder = dirname(library);
  const source = join(import.meta.dir, "../shim/vision.c");
  return cc({
    source,
    library: [...linked.library, `:${library.slice(folder.length + 1)}`],
    flags: [...linked.flags, `-L${folder}`, `-Wl,-rpath,${folder}`],
    symbols: SYMBOLS,
  }).symbols;
}
