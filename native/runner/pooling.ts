/** Of `enum llama_pooling_type`, those whose vector can be computed from parts. */
const MEAN = 1;
const CLS = 2;

/** Computes the pooled vector of a sequence from those of its parts, which come in their order. */
export class Pooling {
  readonly #type: number;
  #vector: Float32Array | undefined;
  #cells = 0;

  /** @param type llama.cpp's number: the mean of all cells, the first one, or else the last. */
  constructor(type: number) {
    this.#type = type;
  }

  /** @param vector the pooled vector of a part of `cells` cells. It is kept. */
  add(vector: Float32Array, cells: number): void {
    this.#vector = this.#joined(this.#vector, vector, cells);
    this.#cells += cells;
  }

  /** The pooled vector of all parts; undefined without parts. */
  get vector(): Float32Array | undefined {
    return this.#vector;
  }

  #joined(before: Float32Array | undefined, next: Float32Array, cells: number): Float32Array {
    if (before === undefined) return next;
    if (this.#type === CLS) return before;
    if (this.#type !== MEAN) return next;
    const share = cells / (this.#cells + cells);
    return before.map((value, index) => value + (next[index]! - value) * share);
  }
}
