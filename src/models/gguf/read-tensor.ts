import type { HeaderCursor } from "./cursor.ts";
import { invalidGguf } from "./invalid.ts";
import { MOST_DIMENSIONS, MOST_NAME_BYTES } from "./limits.ts";
import { readName } from "./read-name.ts";
import { describeTensor, type GgufTensor } from "./tensor.ts";

async function readShape(cursor: HeaderCursor, name: string): Promise<number[]> {
  await cursor.need(4);
  const dimensions = cursor.takeUint32();
  const complain = (problem: string) => invalidGguf(`tensor ${JSON.stringify(name)} has ${problem}`);
  if (dimensions > MOST_DIMENSIONS) throw complain(`${dimensions} dimensions, more than ${MOST_DIMENSIONS}`);
  await cursor.need(8 * dimensions);
  return Array.from({ length: dimensions }, () => {
    const size = cursor.takeUint64();
    if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw complain(`a dimension of ${size}`);
    return Number(size);
  });
}

/** One entry of the list of tensors. */
export async function readTensorInfo(cursor: HeaderCursor): Promise<GgufTensor> {
  const name = await readName(cursor, "tensor name", MOST_NAME_BYTES);
  const shape = await readShape(cursor, name);
  await cursor.need(4 + 8);
  const typeId = cursor.takeUint32();
  const offset = cursor.takeUint64();
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidGguf(`tensor ${JSON.stringify(name)} has the offset ${offset}`);
  }
  return describeTensor(name, typeId, shape, Number(offset));
}
