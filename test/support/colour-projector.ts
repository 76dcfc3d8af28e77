import { decodeFloats } from "../../src/models/convert/dtype.ts";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufValue } from "../../src/models/gguf/value.ts";
import { writeGguf } from "../../src/models/gguf/write.ts";
import { seededRandom } from "./random.ts";
import { floats } from "./rewrite-gguf.ts";

/**
 * A projector that knows ten colours: for a picture of one colour it gives the model the embedding of the colour's word, in each of 16
 * cells. Not trained but solved for, so it is small, exact, and tells what a model was shown by what it says.
 */

/** Red, green and blue of each, 0 to 1. */
export const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
  yellow: [1, 1, 0],
  black: [0, 0, 0],
  white: [1, 1, 1],
  purple: [0.5, 0, 0.5],
  orange: [1, 0.5, 0],
  gray: [0.5, 0.5, 0.5],
  pink: [1, 0.6, 0.8],
};

/** How large its encoder is. */
export interface EncoderSize {
  /** Pixels of a picture's side, and of a patch's. */
  side: number;
  patch: number;
  /** None of them changes anything. */
  blocks: number;
}

const SMALL: EncoderSize = { side: 64, patch: 16, blocks: 1 };

/** It takes its time. */
export const SLOW: EncoderSize = { side: 64, patch: 4, blocks: 160 };

/** Cells of a picture. */
const cellsOf = ({ side, patch }: EncoderSize): number => (side / patch) ** 2;
export const COLOUR_CELLS = cellsOf(SMALL);

const WIDTH = 16;
const HIDDEN = 96;
/** Of the means of red, green and blue, the constant 1, and nothing else, the encoder's vectors consist. */
const USED = 4;

const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x ** 3)));

/** Writes the projector for SmolLM2, whose embeddings are Q8_0. */
export async function writeColourProjector(
  model: string,
  path: string,
  size: EncoderSize = SMALL,
): Promise<void> {
  const words = await embeddings(
    model,
    Object.keys(COLOURS).map((name) => `Ġ${name}`),
  );
  await writeProjector(path, words, size);
}

/** Writes a projector that gives colour `i` the embedding `targets[i]`. All have the same length. */
async function writeProjector(
  path: string,
  targets: readonly Float64Array[],
  size: EncoderSize,
): Promise<void> {
  const width = targets[0]!.length;
  const first = firstLayer();
  const features = Object.values(COLOURS).map((rgb) => hidden(first, rgb));
  const second = fit(features, targets);
  const tensors = [...encoder(size), ...projector(first, second, width)];
  await writeGguf(path, metadata(width, size), tensors, new AbortController().signal);
}

function metadata(width: number, { side, patch, blocks }: EncoderSize): Map<string, GgufValue> {
  const u = (value: number): GgufValue => ({ type: "uint32", value });
  const half: GgufValue = { type: "array", of: "float32", value: Float32Array.of(0.5, 0.5, 0.5) };
  return new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "clip" }],
    ["general.type", { type: "string", value: "mmproj" }],
    ["general.file_type", u(0)],
    ["clip.has_vision_encoder", { type: "bool", value: true }],
    ["clip.projector_type", { type: "string", value: "mlp" }],
    ["clip.use_gelu", { type: "bool", value: true }],
    ["clip.vision.image_size", u(side)],
    ["clip.vision.patch_size", u(patch)],
    ["clip.vision.embedding_length", u(WIDTH)],
    ["clip.vision.feed_forward_length", u(WIDTH)],
    ["clip.vision.block_count", u(blocks)],
    ["clip.vision.projection_dim", u(width)],
    ["clip.vision.attention.head_count", u(1)],
    ["clip.vision.attention.layer_norm_epsilon", { type: "float32", value: 1e-5 }],
    ["clip.vision.image_mean", half],
    ["clip.vision.image_std", half],
  ]);
}

/** Blocks that change nothing, behind patches' mean colours. */
function encoder(size: EncoderSize) {
  const { patch, blocks } = size;
  const patches = zeros(patch, patch, 3, WIDTH);
  const plane = patch * patch;
  for (let channel = 0; channel < 3; channel++) {
    patches.fill(1 / plane, (channel * 3 + channel) * plane, (channel * 3 + channel + 1) * plane);
  }
  const constant = zeros(WIDTH);
  constant[3] = 1;
  return [
    floats("v.patch_embd.weight", [patch, patch, 3, WIDTH], patches),
    floats("v.patch_embd.bias", [WIDTH], constant),
    floats("v.position_embd.weight", [WIDTH, cellsOf(size)], zeros(WIDTH, cellsOf(size))),
    ...Array.from({ length: blocks }, (_, index) => block(index)).flat(),
  ];
}

const zeros = (...shape: number[]) => new Float32Array(shape.reduce((a, b) => a * b));

function block(index: number) {
  const ones = new Float32Array(WIDTH).fill(1);
  const norms = ["ln1", "ln2"].flatMap((name) => [
    floats(`v.blk.${index}.${name}.weight`, [WIDTH], ones),
    floats(`v.blk.${index}.${name}.bias`, [WIDTH], zeros(WIDTH)),
  ]);
  const layers = ["attn_q", "attn_k", "attn_v", "attn_out", "ffn_up", "ffn_down"].flatMap((name) => [
    floats(`v.blk.${index}.${name}.weight`, [WIDTH, WIDTH], zeros(WIDTH, WIDTH)),
    floats(`v.blk.${index}.${name}.bias`, [WIDTH], zeros(WIDTH)),
  ]);
  return [...norms, ...layers];
}

function projector(first: Float32Array, second: Float32Array, width: number) {
  return [
    floats("mm.0.weight", [WIDTH, HIDDEN], first),
    floats("mm.0.bias", [HIDDEN], new Float32Array(HIDDEN)),
    floats("mm.2.weight", [HIDDEN, width], second),
    floats("mm.2.bias", [width], new Float32Array(width)),
  ];
}

/** Random features of a colour, which tell ten colours apart. */
function firstLayer(): Float32Array {
  const next = seededRandom(3);
  const layer = new Float32Array(HIDDEN * WIDTH);
  for (let row = 0; row < HIDDEN; row++) {
    for (let column = 0; column < USED; column++) {
      layer[row * WIDTH + column] = (next() * 2 - 1) * (column < 3 ? 3 : 1.5);
    }
  }
  return layer;
}

function hidden(first: Float32Array, rgb: readonly number[]): Float64Array {
  const inputs = [...rgb.map((value) => value * 2 - 1), 1];
  return Float64Array.from({ length: HIDDEN }, (_, row) =>
    gelu(inputs.reduce((sum, value, column) => sum + value * first[row * WIDTH + column]!, 0)),
  );
}

/** The smallest layer that takes every feature vector to its target: Fᵀ (F Fᵀ)⁻¹ Y, row by row of the output. */
function fit(features: readonly Float64Array[], targets: readonly Float64Array[]): Float32Array {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const gram = features.map((a) => features.map((b) => dot(a, b)));
  const weights = solve(gram, targets);
  const width = targets[0]!.length;
  const layer = new Float32Array(HIDDEN * width);
  for (let out = 0; out < width; out++) {
    for (let unit = 0; unit < HIDDEN; unit++) {
      layer[out * HIDDEN + unit] = features.reduce((sum, row, i) => sum + row[unit]! * weights[i]![out]!, 0);
    }
  }
  return layer;
}

/** Gauss–Jordan: X of A X = Y. */
function solve(a: number[][], y: readonly Float64Array[]): Float64Array[] {
  const rows = a.map((row, i) => Float64Array.of(...row, ...y[i]!));
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const best = rows.reduce(
      (at, row, i) => (i >= pivot && Math.abs(row[pivot]!) > Math.abs(rows[at]![pivot]!) ? i : at),
      pivot,
    );
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    const scale = rows[pivot]![pivot]!;
    rows[pivot] = rows[pivot]!.map((value) => value / scale);
    for (const [i, row] of rows.entries()) {
      const factor = row[pivot]!;
      if (i !== pivot && factor !== 0) rows[i] = row.map((value, k) => value - factor * rows[pivot]![k]!);
    }
  }
  return rows.map((row) => row.slice(a.length));
}

const BLOCK = 32;
const BLOCK_BYTES = 34;

/** Rows of a model's Q8_0 `token_embd.weight`. */
async function embeddings(model: string, texts: readonly string[]): Promise<Float64Array[]> {
  const header = await readGgufHeader(model);
  const tensor = header.tensors.find(({ name }) => name === "token_embd.weight")!;
  const tokens = [...(header.metadata.get("tokenizer.ggml.tokens")!.value as Iterable<string>)];
  if (tensor.type !== "Q8_0") throw new Error(`token_embd is ${tensor.type}`);
  const width = tensor.shape[0]!;
  const rowBytes = (width / BLOCK) * BLOCK_BYTES;
  return Promise.all(
    texts.map(async (text) => {
      const start = header.dataOffset + tensor.offset + tokens.indexOf(text) * rowBytes;
      const bytes = await Bun.file(model)
        .slice(start, start + rowBytes)
        .bytes();
      const row = new Int8Array(bytes.buffer);
      return Float64Array.from({ length: width }, (_, i) => {
        const block = Math.floor(i / BLOCK) * BLOCK_BYTES;
        return decodeFloats("F16", bytes.subarray(block, block + 2))[0]! * row[block + 2 + (i % BLOCK)]!;
      });
    }),
  );
}
