/** HAProxy's SRV_UWGHT_MAX: the highest weight that a server can have. */
export const MOST_WEIGHT = 256;
/** Points on the ring for each unit of weight (its BE_WEIGHT_SCALE). */
const POINTS_PER_WEIGHT = 16;
const POINTS = MOST_WEIGHT * POINTS_PER_WEIGHT;

/** A weight is never made lower: that much is enough for shares that differ by what chance makes of so many points. */
const LEAST_WEIGHT = 224;

/**
 * Weights that give each server the same share of HAProxy's ring of conversations, to a thousandth or so.
 *
 * A server's points on the ring come of its id, and with the same weight for all the shares of three servers differ by up to two
 * percentage points: whoever has more gets a little less weight. Ids and nearly all points stay what they are when others join or leave.
 *
 * @param ids the servers' `id`s, all different.
 */
export function evenWeights(ids: readonly number[]): number[] {
  const ring = new Ring(ids);
  const weights = ids.map(() => MOST_WEIGHT);
  for (;;) {
    const most = ring.largest();
    const weight = weights[most]! - 1;
    if (weight < LEAST_WEIGHT) return weights;
    const before = ring.unevenness();
    ring.lighten(most, weight);
    if (ring.unevenness() >= before) return weights;
    weights[most] = weight;
  }
}

/**
 * The ring of `hash-type consistent` (HAProxy's lb_chash.c): a key belongs to the point that is nearest to its hash, so a point has half
 * of the way to each of its neighbours.
 */
class Ring {
  readonly #servers: number;
  /** Of all points, by `server * POINTS + number`: their place, and who is beside them. */
  readonly #place: Uint32Array;
  readonly #before: Uint32Array;
  readonly #behind: Uint32Array;
  /** Twice the length of the ring that each server has. */
  readonly #share: Float64Array;

  constructor(ids: readonly number[]) {
    this.#servers = ids.length;
    const count = ids.length * POINTS;
    this.#place = Uint32Array.from({ length: count }, (_, point) =>
      scatter(ids[Math.floor(point / POINTS)]! * POINTS + (point % POINTS)),
    );
    const order = Uint32Array.from({ length: count }, (_, point) => point);
    order.sort((a, b) => this.#place[a]! - this.#place[b]!);
    this.#before = new Uint32Array(count);
    this.#behind = new Uint32Array(count);
    this.#share = new Float64Array(ids.length);
    for (const [at, point] of order.entries()) {
      const next = order[(at + 1) % count]!;
      this.#behind[point] = next;
      this.#before[next] = point;
      this.#give(point, next, 1);
    }
  }

  /** The server that has most of the ring. */
  largest(): number {
    return this.#share.indexOf(Math.max(...this.#share));
  }

  /** The squares of the shares, which sum up to least where all have the same. */
  unevenness(): number {
    return this.#share.reduce((sum, share) => sum + share ** 2, 0);
  }

  /** Takes the points away that a server loses with one unit of its weight. @param weight that it has then. */
  lighten(server: number, weight: number): void {
    const first = server * POINTS + weight * POINTS_PER_WEIGHT;
    for (let point = first; point < first + POINTS_PER_WEIGHT; point++) {
      const [before, behind] = [this.#before[point]!, this.#behind[point]!];
      this.#give(before, point, -1);
      this.#give(point, behind, -1);
      this.#give(before, behind, 1);
      this.#behind[before] = behind;
      this.#before[behind] = before;
    }
  }

  /** Gives the way between two neighbours to both of them, or takes it. */
  #give(from: number, to: number, sign: 1 | -1): void {
    const way = (this.#place[to]! - this.#place[from]!) >>> 0;
    for (const point of [from, to]) this.#share[this.#serverOf(point)]! += sign * way;
  }

  #serverOf(point: number): number {
    return Math.min(this.#servers - 1, Math.floor(point / POINTS));
  }
}

/** Where on the ring a number lies: Bob Jenkins' full avalanche hash of 32 bits, which is HAProxy's `full_hash`. */
function scatter(number: number): number {
  let a = number >>> 0;
  a = a + 0x7ed55d16 + (a << 12);
  a = a ^ 0xc761c23c ^ (a >>> 19);
  a = a + 0x165667b1 + (a << 5);
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = a + 0xfd7046c5 + (a << 3);
  return (a ^ 0xb55a4f09 ^ (a >>> 16)) >>> 0;
}
