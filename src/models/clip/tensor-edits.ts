import type { ClipTensor, ClipTensors } from "./tensors.ts";
import { computed, tensorValues } from "./tensors.ts";

/** In each block one matrix of queries, keys and values, in the type that they have, or as 32-bit floats where these differ. */
export function mergeQkv(tensors: ClipTensors, blocks: number, asFloats: boolean): void {
  for (let block = 0; block < blocks; block++) {
    for (const kind of ["weight", "bias"]) {
      const parts = ["q", "k", "v"].map((name) => tensors.take(`v.blk.${block}.attn_${name}.${kind}`));
      const [first] = parts;
      const found = parts.filter((part): part is ClipTensor => part !== undefined);
      if (first === undefined || found.length < parts.length) continue;
      tensors.set(`v.blk.${block}.attn_qkv.${kind}`, stacked(found, asFloats));
    }
  }
}

function stacked(parts: readonly ClipTensor[], asFloats: boolean): ClipTensor {
  const rows = parts.reduce((sum, { shape }) => sum + (shape.at(-1) ?? 0), 0);
  const shape = [...parts[0]!.shape.slice(0, -1), rows];
  if (!asFloats && parts.every(({ type }) => type === parts[0]!.type)) {
    const data: ClipTensor["data"] = async (read) =>
      Buffer.concat(await Promise.all(parts.map((part) => part.data(read))));
    return { type: parts[0]!.type, shape, data };
  }
  return computed(shape, async (read) => {
    const values = await Promise.all(parts.map((part) => tensorValues(part, read)));
    const all = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const each of values) {
      all.set(each, at);
      at += each.length;
    }
    return all;
  });
}

/** Frames of a film that are patched together: two, each of which becomes a tensor of its own. */
const FRAMES = 2;

/**
 * The patch embedding of two frames, `[w, h, 2, outputs × inputs]`, as two of one frame each, `[w, h, inputs, outputs]`.
 *
 * @param inputs channels of a picture.
 */
export function splitPatches(tensors: ClipTensors, inputs: number): void {
  const packed = tensors.take("v.patch_embed.weight");
  if (packed === undefined) return;
  const [width = 0, height = 0, , channels = 0] = packed.shape;
  const plane = width * height;
  const shape = [width, height, inputs, channels / inputs];
  for (let frame = 0; frame < FRAMES; frame++) {
    const one = computed(shape, async (read) => {
      const from = await tensorValues(packed, read);
      const to = new Float32Array(plane * channels);
      for (let channel = 0; channel < channels; channel++) {
        const start = (channel * FRAMES + frame) * plane;
        to.set(from.subarray(start, start + plane), channel * plane);
      }
      return to;
    });
    tensors.set(frame === 0 ? "v.patch_embd.weight" : "v.patch_embd.weight.1", one);
  }
}

/**
 * Rows of queries and keys as libmtmd's rotary positions want them: of each head, the two halves interleaved.
 *
 * @param heads of the encoder.
 */
export function interleaveHalves(tensors: ClipTensors, blocks: number, heads: number): void {
  for (let block = 0; block < blocks; block++) {
    for (const name of ["q", "k"]) {
      const key = `v.blk.${block}.attn_${name}.weight`;
      const tensor = tensors.get(key);
      if (tensor !== undefined) tensors.set(key, interleaved(tensor, heads));
    }
  }
}

function interleaved(tensor: ClipTensor, heads: number): ClipTensor {
  const rows = tensor.shape[1] ?? 0;
  const size = rows / heads;
  return {
    ...tensor,
    async data(read) {
      const from = await tensor.data(read);
      const to = new Uint8Array(from.length);
      const bytes = from.length / rows;
      for (let row = 0; row < rows; row++) {
        const [head, within] = [Math.floor(row / size), row % size];
        const source = head * size + (within % 2) * (size / 2) + Math.floor(within / 2);
        to.set(from.subarray(source * bytes, (source + 1) * bytes), row * bytes);
      }
      return to;
    },
  };
}
