/** A tensor to write to a safetensors file. */
export interface TestTensor {
  /** As the format spells it, e.g. `F16`. */
  dtype: string;
  /** Outermost dimension first. */
  shape: number[];
  bytes: Uint8Array;
}

/** The bytes of a safetensors file. */
export function safetensorsOf(tensors: Iterable<readonly [name: string, tensor: TestTensor]>): Blob {
  const all = [...tensors];
  let at = 0;
  const entries = all.map(([name, { dtype, shape, bytes }]) => {
    const begin = at;
    at += bytes.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, at] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  return new Blob([
    new BigUint64Array([BigInt(header.byteLength)]),
    header,
    ...all.map(([, tensor]) => tensor.bytes.slice()),
  ]);
}
