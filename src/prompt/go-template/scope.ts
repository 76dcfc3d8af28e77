/** The variables that a place in a template may use, `$` always among them. */
export class VariableScope {
  readonly #names: string[] = ["$"];
  readonly #counts = new Map<string, number>([["$", 1]]);

  declare(name: string): void {
    this.#names.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  get size(): number {
    return this.#names.length;
  }

  /** Forgets what was declared since the scope had this `size`. */
  shrink(size: number): void {
    for (const name of this.#names.splice(size)) this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }
}
