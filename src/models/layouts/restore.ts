import type { GgufHeader } from "../gguf/header.ts";
import type { GgufTensor } from "../gguf/tensor.ts";
import { tensorBytes } from "./encode.ts";
import type { Extent, PlacedTensor, Translation } from "./translation.ts";
import { headerView } from "./view.ts";

/** Where a published tensor's rows are in a translated one. */
interface Part {
  tensor: PlacedTensor;
  /** Bytes in front of it in the translated tensor. */
  before: number;
}

/**
 * The text model's tensors under the names that they have in the published file, out of a translated copy of it whose types may be
 * others by now (it was quantized).
 *
 * @param copy the header of that copy.
 * @throws Error when a tensor of the published file is not whole in the translation, or not in the copy.
 */
export function restoredTensors(
  published: GgufHeader,
  { tensors, hidden }: Translation,
  copy: GgufHeader,
): PlacedTensor[] {
  const parts = new Map(tensors.flatMap((tensor) => partsOf(tensor)));
  const copied = new Map(copy.tensors.map((tensor) => [tensor.name, tensor]));
  const left = new Set(hidden.map(({ name }) => name));
  return [...headerView(published).tensors.values()]
    .filter(({ name }) => !left.has(name))
    .map((tensor) => {
      const part = parts.get(placeOf(tensor.extents[0]));
      const source = copied.get(part?.tensor.name ?? "");
      if (part === undefined || source === undefined) throw new Error(`tensor ${tensor.name} was lost`);
      return restored(tensor, part, source, copy.dataOffset);
    });
}

const placeOf = (extent: Extent | undefined): string => `${extent?.offset}+${extent?.length}`;

function partsOf(tensor: PlacedTensor): [string, Part][] {
  let before = 0;
  return tensor.extents.map((extent) => {
    const part = { tensor, before };
    before += extent.length;
    return [placeOf(extent), part];
  });
}

/** A part has the share of the copy's bytes that it had of the translation's: both are whole rows. */
function restored(
  published: PlacedTensor,
  { tensor, before }: Part,
  { type, offset, byteLength }: GgufTensor,
  dataOffset: number,
): PlacedTensor {
  const share = byteLength / tensorBytes(tensor);
  const own = tensorBytes(published);
  return {
    ...published,
    type,
    extents: [{ offset: dataOffset + offset + Math.round(before * share), length: Math.round(own * share) }],
  };
}
