import type { GgufTensorSource } from "../../src/models/gguf/write.ts";

/** A tensor with these bytes. @param type its number in GGUF. */
export const tensor = (name: string, shape: number[], type: number, bytes: Uint8Array): GgufTensorSource => ({
  name,
  shape,
  type,
  bytes: bytes.byteLength,
  async *data() {
    yield bytes;
  },
});
