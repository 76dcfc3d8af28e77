import { isTrue } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";

/** What a filter or method is given, by place and by name. */
export class Arguments {
  readonly positional: readonly JinjaValue[];
  readonly named: ReadonlyMap<string, JinjaValue>;

  constructor(positional: readonly JinjaValue[], named: ReadonlyMap<string, JinjaValue> = new Map()) {
    this.positional = positional;
    this.named = named;
  }

  /** The argument at a place, or of that name. */
  get(at: number, name: string): JinjaValue | undefined {
    return this.positional[at] ?? this.named.get(name);
  }

  /** The same with a default, for texts, numbers and switches. */
  text(at: number, name: string, byDefault: string): string {
    const value = this.get(at, name);
    return value === undefined || value.type === "NullValue" ? byDefault : String(value.value);
  }

  number(at: number, name: string, byDefault: number): number {
    const value = this.get(at, name)?.value;
    return typeof value === "number" ? value : byDefault;
  }

  flag(at: number, name: string, byDefault = false): boolean {
    const value = this.get(at, name);
    return value === undefined ? byDefault : isTrue(value);
  }

  /** All but the first `count`. */
  from(count: number): Arguments {
    return new Arguments(this.positional.slice(count), this.named);
  }
}
