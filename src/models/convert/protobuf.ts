/** A field of a protobuf message. Fields of the wire type "group", long deprecated, are not read. */
export type ProtobufField =
  | { number: number; kind: "varint"; value: bigint }
  | { number: number; kind: "fixed64" | "bytes" | "fixed32"; value: Uint8Array };

const FIXED = { 1: { kind: "fixed64", length: 8 }, 5: { kind: "fixed32", length: 4 } } as const;

/** The fields of a message in order, as they lie in `bytes`. @throws RangeError where the message is malformed. */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`bad varint before byte ${at}`);
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.byteLength - at) throw new RangeError(`${length} bytes at ${at} exceed the message`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.byteLength) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === 0) yield { number, kind: "varint", value: varint() };
    else if (type === 2) yield { number, kind: "bytes", value: take(Number(varint())) };
    else if (type === 1 || type === 5)
      yield { number, kind: FIXED[type].kind, value: take(FIXED[type].length) };
    else throw new RangeError(`wire type ${type} at byte ${at}`);
  }
}
