import { GGML_TYPES } from "../../src/models/gguf/ggml-types.ts";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufMetadata } from "../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../src/models/gguf/write.ts";

/** Writes a GGUF with other metadata than `source` has, and with further tensors. */
export async function rewriteGguf(
  source: string,
  target: string,
  metadata: (old: GgufMetadata) => GgufMetadata,
  added: readonly GgufTensorSource[],
): Promise<void> {
  const header = await readGgufHeader(source);
  const kept = header.tensors.map(({ name, type, shape, offset, byteLength }): GgufTensorSource => {
    const start = header.dataOffset + offset;
    const id = GGML_TYPES.find((each) => each.name === type)?.id;
    if (id === undefined) throw new Error(`no such type: ${type}`);
    const data = () =>
      Bun.file(source)
        .slice(start, start + byteLength)
        .stream();
    return { name, shape, type: id, bytes: byteLength, data };
  });
  await writeGguf(target, metadata(header.metadata), [...kept, ...added], new AbortController().signal);
}

/** A tensor of 32-bit floats. */
export const floats = (name: string, shape: number[], values: Float32Array): GgufTensorSource => ({
  name,
  shape,
  type: 0,
  bytes: values.byteLength,
  async *data() {
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  },
});
