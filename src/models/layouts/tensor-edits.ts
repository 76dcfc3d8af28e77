import type { PlacedTensor } from "./translation.ts";
import type { Edit, HeaderView } from "./view.ts";

/** Tensors whose names begin so are not given to the text model: llama.cpp refuses a file with tensors that nobody asks for. */
export const hide =
  (...prefixes: string[]): Edit =>
  (view) => {
    for (const tensor of [...view.tensors.values()]) {
      if (!prefixes.some((prefix) => tensor.name.startsWith(prefix))) continue;
      view.tensors.delete(tensor.name);
      view.hidden.push(tensor);
    }
  };

/** `replaced` for the first occurrence of `part` in every tensor's name. A pattern is bounded by the row: `.attn_out.` is no `.attn_output.`. */
export const rename =
  (part: string | RegExp, replaced: string): Edit =>
  (view) =>
    renameAll(view, (name) => name.replace(part, replaced));

/** Another name for a whole name. */
export const renameTensor = (from: string, to: string): Edit => {
  return (view) => renameAll(view, (name) => (name === from ? to : name));
};

/** Names change, the order stays. */
function renameAll(view: HeaderView, renamed: (name: string) => string): void {
  const entries = [...view.tensors.values()].map((tensor): [string, PlacedTensor] => {
    const name = renamed(tensor.name);
    return [name, { ...tensor, name }];
  });
  view.tensors = new Map(entries);
}

/**
 * In each block one matrix of the rows of `first` and then of `second`, under the name of `second`. Right for quantized types as well,
 * since a row is whole blocks of them.
 * @param first, second names within a block, e.g. `ffn_gate.weight`.
 */
export const stackRows =
  (first: string, second: string): Edit =>
  (view) => {
    for (const upper of [...view.tensors.values()]) {
      const prefix = /^blk\.\d+\./.exec(upper.name)?.[0];
      if (prefix === undefined || upper.name !== prefix + first) continue;
      const lower = view.tensors.get(prefix + second);
      if (lower === undefined || lower.type !== upper.type || lower.shape[0] !== upper.shape[0]) continue;
      view.tensors.delete(upper.name);
      view.tensors.set(lower.name, {
        ...lower,
        shape: [lower.shape[0] ?? 0, (upper.shape[1] ?? 0) + (lower.shape[1] ?? 0)],
        extents: [...upper.extents, ...lower.extents],
      });
    }
  };

/** The first rows of a matrix that has more of them. */
export function cutRows(view: HeaderView, name: string, rows: number): void {
  const tensor = view.tensors.get(name);
  const [columns, all] = tensor?.shape ?? [];
  const [extent] = tensor?.extents ?? [];
  if (tensor === undefined || columns === undefined || all === undefined || extent === undefined) return;
  if (rows >= all) return;
  const length = (extent.length / all) * rows;
  view.tensors.set(name, { ...tensor, shape: [columns, rows], extents: [{ offset: extent.offset, length }] });
}
