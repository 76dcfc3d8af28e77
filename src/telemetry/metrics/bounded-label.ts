/** More models than anybody runs: each value of a label is a series for ever. */
const MOST = 100;

/** Values of a label, {@link MOST} at most; every further value becomes `other`. */
export class BoundedLabel {
  readonly #known = new Set<string>();

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= MOST) return "other";
    this.#known.add(value);
    return value;
  }
}
