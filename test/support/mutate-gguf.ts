import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufMetadata, GgufValue } from "../../src/models/gguf/value.ts";
import { rewriteGguf } from "./rewrite-gguf.ts";

/** A repeatable source of numbers 0 ≤ x < 1. */
type Random = () => number;

const below = (random: Random, count: number): number => Math.floor(random() * count);

const EDGES = [
  0n,
  1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 62n,
  2n ** 64n - 1n,
];

/** One way of spoiling bytes. @param headerEnd where the tensors' data begins. */
type Spoil = (bytes: Uint8Array<ArrayBuffer>, headerEnd: number, random: Random) => Uint8Array<ArrayBuffer>;

const SPOILS: Readonly<Record<string, Spoil>> = {
  "cut short": (bytes, _end, random) => bytes.slice(0, below(random, bytes.length)),
  "flipped bits in the header"(bytes, end, random) {
    for (let flips = 1 + below(random, 8); flips > 0; flips--)
      bytes[below(random, end)]! ^= 1 << below(random, 8);
    return bytes;
  },
  "an absurd number in the header"(bytes, end, random) {
    const at = below(random, Math.floor((end - 8) / 4)) * 4;
    new DataView(bytes.buffer).setBigUint64(at, EDGES[below(random, EDGES.length)]!, true);
    return bytes;
  },
  "a piece of the header over another"(bytes, end, random) {
    bytes.copyWithin(below(random, end), below(random, end), end);
    return bytes;
  },
  "noise in the weights"(bytes, end, random) {
    for (let at = end; at < bytes.length; at += 1 + below(random, 64)) bytes[at] = below(random, 256);
    return bytes;
  },
  "more bytes at the end": (bytes, _end, random) =>
    new Uint8Array([...bytes, ...new Uint8Array(below(random, 10_000))]),
};

const NUMBERS = [0, 1, -1, 3, 7, 65, 2 ** 16, 2 ** 31 - 1, Number.NaN, Number.POSITIVE_INFINITY, 1e-45];
const TEXTS = [
  "",
  "llama",
  "bert",
  "no such thing",
  "\0",
  "x".repeat(100_000),
  "../../etc/passwd",
  "{{",
  "{% for %}",
];

function spoiledValue(value: GgufValue, random: Random): GgufValue | undefined {
  const number = NUMBERS[below(random, NUMBERS.length)]!;
  if (random() < 0.15) return undefined;
  if (random() < 0.2) return { type: "string", value: TEXTS[below(random, TEXTS.length)]! };
  switch (value.type) {
    case "string":
      return { type: "string", value: TEXTS[below(random, TEXTS.length)]! };
    case "float32":
    case "float64":
      return { type: value.type, value: number };
    case "uint32":
    case "int32":
      return {
        type: value.type,
        value: Number.isFinite(number) ? Math.abs(Math.trunc(number)) : 2 ** 31 - 1,
      };
    default:
      return undefined;
  }
}

/** Changes one or two of the values, or takes them away. */
function spoiledMetadata(metadata: GgufMetadata, random: Random): GgufMetadata {
  const changed = new Map(metadata);
  for (let count = 1 + below(random, 2); count > 0; count--) {
    const keys = [...changed.keys()];
    const key = keys[below(random, keys.length)]!;
    const value = spoiledValue(changed.get(key)!, random);
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return changed;
}

/** A GGUF with something wrong in it, and what that is. Every other one is well-formed, and says what makes no sense. */
export async function mutateGguf(
  source: string,
  scratch: string,
  random: Random,
): Promise<{ kind: string; bytes: Uint8Array<ArrayBuffer> }> {
  if (random() < 0.5) {
    const target = join(scratch, "mutated.gguf");
    await rewriteGguf(source, target, (metadata) => spoiledMetadata(metadata, random), []);
    const bytes = await Bun.file(target).bytes();
    await rm(target);
    return { kind: "metadata that makes no sense", bytes };
  }
  const kinds = Object.keys(SPOILS);
  const kind = kinds[below(random, kinds.length)]!;
  const { dataOffset } = await readGgufHeader(source);
  return { kind, bytes: SPOILS[kind]!(Uint8Array.from(await Bun.file(source).bytes()), dataOffset, random) };
}
