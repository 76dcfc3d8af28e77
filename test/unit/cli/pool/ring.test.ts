import { expect, test } from "bun:test";
import { evenWeights, MOST_WEIGHT } from "../../../../src/cli/pool/ring.ts";

const MASK = 0xffff_ffffn;

/** HAProxy's `full_hash`, by numbers that need no tricks. */
function fullHash(id: bigint): number {
  let a = id & MASK;
  a = (a + 0x7ed55d16n + (a << 12n)) & MASK;
  a = a ^ 0xc761c23cn ^ (a >> 19n);
  a = (a + 0x165667b1n + (a << 5n)) & MASK;
  a = ((a + 0xd3a2646cn) ^ (a << 9n)) & MASK;
  a = (a + 0xfd7046c5n + (a << 3n)) & MASK;
  return Number((a ^ 0xb55a4f09n ^ (a >> 16n)) & MASK);
}

/** The part of all keys that each server gets: those whose hash is nearest to one of its points. */
function sharesOf(ids: readonly number[], weights: readonly number[]): number[] {
  const ring = ids.flatMap((id, server) =>
    Array.from({ length: weights[server]! * 16 }, (_, at) => ({
      server,
      place: fullHash(BigInt(id) * 4096n + BigInt(at)),
    })),
  );
  ring.sort((a, b) => a.place - b.place);
  const shares = ids.map(() => 0);
  for (const [at, { place, server }] of ring.entries()) {
    const before = ring.at(at - 1)!;
    const way = (place - before.place + 2 ** 32) % 2 ** 32;
    for (const each of [server, before.server]) shares[each]! += way / 2 / 2 ** 32;
  }
  return shares;
}

const idOf = (name: string): number => (Bun.hash.crc32(name) % (2 ** 31 - 1)) + 1;
const idsOf = (count: number, from: number): number[] =>
  Array.from({ length: count }, (_, at) => idOf(`10.0.${from}.${at + 1}:11434`));

test("three servers have a third each: 33.3 % give or take a fifth of a percentage point", () => {
  for (let from = 0; from < 12; from++) {
    const ids = idsOf(3, from);
    for (const share of sharesOf(ids, evenWeights(ids))) expect(share * 100).toBeWithin(33.13, 33.53);
  }
}, 30_000);

test.each([[1], [2], [4], [7], [16]])("of %d servers none has a fiftieth more than its part", (count) => {
  const ids = idsOf(count, 50);
  const weights = evenWeights(ids);
  expect(Math.max(...sharesOf(ids, weights)) * count).toBeLessThan(1.02);
  expect(Math.max(...weights)).toBe(MOST_WEIGHT);
  expect(Math.min(...weights)).toBeGreaterThan(240);
});

test("with one weight for all they differ by more", () => {
  const spreads = Array.from({ length: 12 }, (_, from) => {
    const shares = sharesOf(idsOf(3, from), [MOST_WEIGHT, MOST_WEIGHT, MOST_WEIGHT]);
    return Math.max(...shares) - Math.min(...shares);
  });
  expect(Math.max(...spreads)).toBeGreaterThan(0.008);
}, 30_000);
