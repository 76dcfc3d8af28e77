import type { GgufHeader } from "../gguf/header.ts";
import type { GgufArray, GgufMetadata, GgufValue } from "../gguf/value.ts";
import type { PlacedTensor } from "./translation.ts";

/** A copy of a header to edit. */
export interface HeaderView {
  metadata: Map<string, GgufValue>;
  tensors: Map<string, PlacedTensor>;
  /** Tensors taken out of the list. */
  hidden: PlacedTensor[];
}

/** A view or a header, whose metadata can be read. */
interface Described {
  readonly metadata: GgufMetadata;
}

/** A step of a translation. It changes nothing in a file that lacks the key or tensor in question. */
export type Edit = (view: HeaderView) => void;

export function headerView({ metadata, tensors, dataOffset }: GgufHeader): HeaderView {
  const placed = tensors.map(({ name, type, shape, offset, byteLength }): [string, PlacedTensor] => [
    name,
    { name, type, shape, extents: [{ offset: dataOffset + offset, length: byteLength }] },
  ]);
  return { metadata: new Map(metadata), tensors: new Map(placed), hidden: [] };
}

/** `general.architecture`; "" when the file does not say. */
export const architectureOf = ({ metadata }: Described): string => {
  const entry = metadata.get("general.architecture");
  return entry?.type === "string" ? entry.value : "";
};

/** A key as rows write it: one of no common group belongs to the architecture. */
export const keyIn = (view: Described, key: string): string =>
  /^(general|tokenizer)\./.test(key) ? key : `${architectureOf(view)}.${key}`;

const valueIn = (view: Described, key: string): GgufValue | undefined => view.metadata.get(keyIn(view, key));

/** A number; undefined when the key is missing or of another type. */
export function numberIn(view: Described, key: string): number | undefined {
  const entry = valueIn(view, key);
  return typeof entry?.value === "number" || typeof entry?.value === "bigint"
    ? Number(entry.value)
    : undefined;
}

export function textIn(view: Described, key: string): string | undefined {
  const entry = valueIn(view, key);
  return entry?.type === "string" ? entry.value : undefined;
}

export function arrayIn(view: Described, key: string): GgufArray | undefined {
  const entry = valueIn(view, key);
  return entry?.type === "array" ? entry : undefined;
}

/** The numbers of an array; undefined when the key is missing or of another type. */
export function numbersIn(view: Described, key: string): number[] | undefined {
  const array = arrayIn(view, key);
  return array === undefined || array.of === "string"
    ? undefined
    : Array.from<number | bigint, number>(array.value, Number);
}

/** Strings of an array; undefined when the key is missing or of another type. */
export function stringsIn(view: Described, key: string) {
  const array = arrayIn(view, key);
  return array?.of === "string" ? array.value : undefined;
}

/** A dimension of a tensor, 0 the innermost; undefined when there is no such tensor. */
export const dimensionIn = (
  view: Pick<HeaderView, "tensors">,
  tensor: string,
  index: number,
): number | undefined => view.tensors.get(tensor)?.shape[index];
