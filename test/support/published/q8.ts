const BLOCK = 32;
const BLOCK_BYTES = 34;

/** ggml's Q8_0: for every 32 numbers a scale (F16) and 32 signed bytes. */
export function encodeQ8(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  for (let block = 0; block < values.length / BLOCK; block++) {
    const numbers = values.subarray(block * BLOCK, (block + 1) * BLOCK);
    const scale = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0) / 127;
    view.setFloat16(block * BLOCK_BYTES, scale, true);
    for (const [index, number] of numbers.entries()) {
      view.setInt8(block * BLOCK_BYTES + 2 + index, scale === 0 ? 0 : Math.round(number / scale));
    }
  }
  return bytes;
}
