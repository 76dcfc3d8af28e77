import { badRequest } from "../../lib/errors.ts";
import { decodeFloats, isFloatType } from "../convert/dtype.ts";
import { elementCount } from "../gguf/tensor.ts";
import type { PlacedTensor } from "../layouts/translation.ts";

/** Reads a stretch of the model's file. */
export type ReadExtent = (offset: number, length: number) => Promise<Uint8Array>;

/** A tensor to write. Its bytes are read or computed when its turn comes. */
export interface ClipTensor {
  type: string;
  shape: readonly number[];
  data(read: ReadExtent): Promise<Uint8Array>;
}

const BLOCK = 32;
const Q8_0_BYTES = 34;

/** The tensors of an encoder, to be renamed and rewritten. An unknown name changes nothing: the loader tells which tensor is missing. */
export class ClipTensors {
  #tensors: Map<string, ClipTensor>;

  constructor(placed: Iterable<PlacedTensor>) {
    this.#tensors = new Map([...placed].map((tensor) => [tensor.name, stored(tensor)]));
  }

  [Symbol.iterator](): Iterator<[string, ClipTensor]> {
    return this.#tensors[Symbol.iterator]();
  }

  get(name: string): ClipTensor | undefined {
    return this.#tensors.get(name);
  }

  set(name: string, tensor: ClipTensor): void {
    this.#tensors.set(name, tensor);
  }

  take(name: string): ClipTensor | undefined {
    const tensor = this.#tensors.get(name);
    this.#tensors.delete(name);
    return tensor;
  }

  /** Replaces the first occurrence of each text in every name, one pair after the other. */
  rename(...pairs: readonly (readonly [string | RegExp, string | ((...found: string[]) => string)])[]): void {
    for (const [part, replaced] of pairs) {
      const renamed = [...this.#tensors].map(([name, tensor]): [string, ClipTensor] => [
        typeof replaced === "string" ? name.replace(part, replaced) : name.replace(part, replaced),
        tensor,
      ]);
      this.#tensors = new Map(renamed);
    }
  }

  /** As 32-bit floats, which the convolutions of GPUs want. */
  floats(...names: string[]): void {
    for (const name of names) {
      const tensor = this.#tensors.get(name);
      if (tensor !== undefined)
        this.#tensors.set(
          name,
          computed(tensor.shape, (read) => tensorValues(tensor, read)),
        );
    }
  }
}

/** The largest tensor of a published encoder has a third of it. */
const MOST_COMPUTED = 2 ** 28;

/**
 * A tensor of 32-bit floats.
 *
 * @throws AppError `bad_request` for more than 2^28 of them, or parts of one: a header may say any width.
 */
export function computed(
  shape: readonly number[],
  values: (read: ReadExtent) => Promise<Float32Array> | Float32Array,
): ClipTensor {
  if (!shape.every(Number.isInteger) || elementCount(shape) > MOST_COMPUTED) {
    throw badRequest(`an encoder's tensor cannot have ${shape.join(" x ")} numbers`);
  }
  return {
    type: "F32",
    shape,
    async data(read) {
      const floats = await values(read);
      return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    },
  };
}

/** The numbers of a tensor. @throws AppError for a quantized type that no published encoder has. */
export async function tensorValues(tensor: ClipTensor, read: ReadExtent): Promise<Float32Array> {
  const bytes = await tensor.data(read);
  if (isFloatType(tensor.type)) return decodeFloats(tensor.type, bytes);
  if (tensor.type !== "Q8_0")
    throw badRequest(`an encoder's tensor of type ${tensor.type} cannot be converted`);
  const values = new Float32Array(elementCount(tensor.shape));
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let block = 0; block * BLOCK < values.length; block++) {
    const at = block * Q8_0_BYTES;
    const [scale = 0] = decodeFloats("F16", bytes.slice(at, at + 2));
    for (let i = 0; i < BLOCK; i++) values[block * BLOCK + i] = scale * whole[at + 2 + i]!;
  }
  return values;
}

function stored({ type, shape, extents }: PlacedTensor): ClipTensor {
  return {
    type,
    shape,
    data: async (read) =>
      Buffer.concat(await Promise.all(extents.map(({ offset, length }) => read(offset, length)))),
  };
}
