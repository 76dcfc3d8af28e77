import { expect, test } from "bun:test";
import { AppError } from "../../../../src/lib/errors.ts";
import { type GgufHeader, parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { writeTinyLlama } from "../../../support/tiny-llama.ts";
import { EVERY_TYPE, sourceOf, TENSORS, withFile, written } from "./sample.ts";

const MUTATIONS = 1000;
const CHUNK_BYTES = 64 * 1024;

type Random = (below: number) => number;

/** A small generator of known quality (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Where the file has a small 64-bit number: every length, count, dimension and offset is among these. */
function lengthFields(file: Uint8Array, end: number): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const offsets = Array.from({ length: end - 8 }, (_, offset) => offset);
  return offsets.filter((offset) => view.getBigUint64(offset, true) < 2048n);
}

const EDGES = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 62].map(BigInt);

function hostileNumber(random: Random): bigint {
  const kind = random(4);
  if (kind === 0) return EDGES[random(EDGES.length)] ?? 0n;
  if (kind === 1) return 2n ** 64n - 1n - BigInt(random(64));
  const bits = 1 + random(64);
  return ((BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32))) & ((1n << BigInt(bits)) - 1n);
}

/** One thing wrong, or a few. */
function mutate(file: Uint8Array, headerEnd: number, fields: number[], random: Random): Uint8Array {
  const bytes = file.slice();
  switch (random(5)) {
    case 0:
      return bytes.subarray(0, random(bytes.length));
    case 1:
      for (let flips = 1 + random(2); flips > 0; flips--) bytes[random(headerEnd)]! ^= 1 << random(8);
      return bytes;
    case 2:
      bytes.copyWithin(random(headerEnd), random(headerEnd), headerEnd);
      return bytes;
    default:
      for (let count = 1 + random(2); count > 0; count--) {
        const offset = fields[random(fields.length)] ?? 0;
        new DataView(bytes.buffer).setBigUint64(offset, hostileNumber(random), true);
      }
      return bytes;
  }
}

/** Runs `use` and reports how many bytes it asked typed arrays for, in all; the system maps memory lazily, so RSS would not tell. */
async function allocatedBy(use: () => Promise<void>): Promise<number> {
  const names = ["Uint8Array", "Uint32Array"] as const;
  const originals = names.map((name) => globalThis[name]);
  let bytes = 0;
  const counting = {
    construct(
      target: Uint8ArrayConstructor | Uint32ArrayConstructor,
      args: unknown[],
      self: () => void,
    ): object {
      if (typeof args[0] === "number") bytes += args[0] * target.BYTES_PER_ELEMENT;
      return Reflect.construct(target, args, self);
    },
  };
  for (const name of names) Object.assign(globalThis, { [name]: new Proxy(globalThis[name], counting) });
  try {
    await use();
  } finally {
    for (const [index, name] of names.entries()) Object.assign(globalThis, { [name]: originals[index] });
  }
  return bytes;
}

function checkHeader(header: GgufHeader): void {
  const space = header.fileSize - header.dataOffset;
  for (const { offset, byteLength } of header.tensors) expect(offset + byteLength).toBeLessThanOrEqual(space);
  expect(new Set(header.tensors.map(({ name }) => name)).size).toBe(header.tensors.length);
  expect(Number.isSafeInteger(header.parameterCount)).toBe(true);
}

/** Reads every mutation of a file, and checks each outcome and what it cost. */
async function attack(file: Uint8Array): Promise<void> {
  const { dataOffset } = await parseGgufHeader(sourceOf(file));
  const fields = lengthFields(file, dataOffset);
  const outcomes = { sound: 0, refused: 0 };
  let most = 0;
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    const bytes = mutate(file, dataOffset, fields, seeded(seed));
    const allocated = await allocatedBy(async () => {
      try {
        checkHeader(await parseGgufHeader(sourceOf(bytes)));
        outcomes.sound++;
      } catch (error) {
        if (!(error instanceof AppError)) throw new Error(`mutation ${seed}`, { cause: error });
        expect([error.kind, error.message]).toEqual([
          "bad_request",
          expect.stringContaining("invalid GGUF: "),
        ]);
        outcomes.refused++;
      }
    });
    most = Math.max(most, allocated);
  }
  expect(most).toBeGreaterThan(CHUNK_BYTES);
  // The reader's chunk, a first kilobyte for each of two arrays of strings, and every byte of the file read once or twice.
  expect(most).toBeLessThan(CHUNK_BYTES + 2 * 1024 + 4 * file.length);
  // Both kinds are there in numbers, or the mutations would be too weak or too crude to mean anything.
  expect(Math.min(outcomes.sound, outcomes.refused)).toBeGreaterThan(MUTATIONS / 20);
}

test(`${MUTATIONS} mutations of a header with every type are refused or sound, and cost no more than the file`, async () => {
  await attack(await written(EVERY_TYPE, TENSORS));
});

test(`${MUTATIONS} mutations of a model's header, too`, async () => {
  await withFile(async (path) => {
    await writeTinyLlama(path);
    await attack(await Bun.file(path).bytes());
  });
});
