import type { HeaderCursor } from "./cursor.ts";
import { invalidGguf } from "./invalid.ts";
import { MOST_ELEMENTS, MOST_STRING_BYTES } from "./limits.ts";
import { BIGINT_ARRAYS, isBigintType, NUMBER_ARRAYS, shortestFloat32, WIDTHS } from "./numbers.ts";
import { readText } from "./read-name.ts";
import { readStrings } from "./read-strings.ts";
import { type GgufArray, type GgufType, type GgufValue, ggufType } from "./value.ts";

function takeType(cursor: HeaderCursor): GgufType {
  const offset = cursor.offset;
  const id = cursor.takeUint32();
  const type = ggufType(id);
  if (type === undefined) throw invalidGguf(`metadata type ${id}`, offset);
  return type;
}

/** `count` numbers or booleans as they lie in the file. */
async function readNumbers(cursor: HeaderCursor, of: keyof typeof WIDTHS, count: number): Promise<GgufArray> {
  const offset = cursor.offset;
  const { buffer } = await cursor.bytes(count * WIDTHS[of]);
  if (isBigintType(of)) return { type: "array", of, value: new BIGINT_ARRAYS[of](buffer) };
  const value = new NUMBER_ARRAYS[of](buffer);
  const wrong = of === "bool" ? value.findIndex((byte) => byte > 1) : -1;
  if (wrong >= 0) throw invalidGguf(`boolean ${value[wrong]}`, offset + wrong);
  return { type: "array", of, value };
}

async function readArray(cursor: HeaderCursor): Promise<GgufArray> {
  await cursor.need(4 + 8);
  const of = takeType(cursor);
  if (of === "array") throw invalidGguf("array of arrays", cursor.offset - 4);
  // A string takes at least the bytes of its length.
  const least = of === "string" ? 8 : WIDTHS[of];
  const count = cursor.takeLength(`array of ${of}`, "elements", least, MOST_ELEMENTS);
  if (of === "string") return { type: "array", of, value: await readStrings(cursor, count) };
  return readNumbers(cursor, of, count);
}

/** One number or boolean: an array of one, taken out. */
async function readScalar(cursor: HeaderCursor, type: keyof typeof WIDTHS): Promise<GgufValue> {
  const array = await readNumbers(cursor, type, 1);
  const [value] = Array.from<number | bigint | string>(array.value);
  if (isBigintType(type)) return { type, value: BigInt(value ?? 0) };
  const number = Number(value);
  if (type === "bool") return { type, value: number === 1 };
  return { type, value: type === "float32" ? shortestFloat32(number) : number };
}

/** A metadata value, its type first. */
export async function readMetadataValue(cursor: HeaderCursor): Promise<GgufValue> {
  await cursor.need(4);
  const type = takeType(cursor);
  if (type === "array") return readArray(cursor);
  if (type === "string") return { type, value: await readText(cursor, MOST_STRING_BYTES) };
  return readScalar(cursor, type);
}
