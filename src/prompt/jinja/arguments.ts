import { elementsOf, isTrue } from "./make-value.ts";
import { type Argument, EVALUATED, type Evaluated, type JinjaNode, type JinjaValue } from "./nodes.ts";

/** The arguments of a filter or method, by place and by name. */
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

  /** The argument as a text, with a default. */
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

/** Applies another filter, for filters that take the name of one. */
type ApplyFilter = (name: string, value: JinjaValue, args: Arguments) => JinjaValue;
export type JinjaFilter = (value: JinjaValue, args: Arguments, apply: ApplyFilter) => JinjaValue;

const namedIn = ({ value }: JinjaValue): Iterable<[string, JinjaValue]> =>
  value instanceof Map ? value : [];

/** Evaluates arguments as they are written, `*list` and `**mapping` included. @param evaluate returns the value of one. */
export function evaluateArguments(
  nodes: readonly Argument[],
  evaluate: (node: JinjaNode | undefined) => JinjaValue,
): Arguments {
  const positional: JinjaValue[] = [];
  const named = new Map<string, JinjaValue>();
  for (const node of nodes) {
    const { key, argument } = node;
    const value = evaluate(argument ?? (key === undefined ? node : node.value));
    if (node.type === "SpreadExpression") for (const each of elementsOf(value)) positional.push(each);
    else if (node.type === "KeywordSpreadExpression")
      for (const [name, each] of namedIn(value)) named.set(name, each);
    else if (key === undefined) positional.push(value);
    else named.set(key.value, value);
  }
  return new Arguments(positional, named);
}

/** The values of evaluated arguments; a spread one is a list or a mapping. */
export function argumentValues(args: readonly Argument[] = []): JinjaValue[] {
  return args.map((each) => {
    const node = each.type === EVALUATED ? each : (each.argument ?? each.value);
    return (node as Evaluated).value;
  });
}
