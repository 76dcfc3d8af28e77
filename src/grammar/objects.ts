import { choice, EMPTY_TEXT, type Expr, literal, sequence } from "./gbnf.ts";
import { member } from "./json-value.ts";
import { MAX_OBJECT_STATES } from "./limits.ts";
import { following } from "./lists.ts";
import { schemaTooLarge } from "./refusals.ts";
import type { RuleBook } from "./rule-book.ts";
import { whitespace } from "./whitespace.ts";

export interface ObjectMember {
  name: string;
  value: Expr;
  required: boolean;
}

export interface ObjectShape {
  /** In the order in which the model must write them. */
  members: readonly ObjectMember[];
  /** The key with its quotes, and the value, of any further property. Undefined: there are none. */
  additional?: { key: Expr; value: Expr };
  /** How many properties there must be in all; `max` may be `Infinity`. */
  min: number;
  max: number;
}

/**
 * Members in their order, optional ones present or not. A rule for each place in the order keeps the grammar's size linear
 * in the number of members, where writing out the combinations would be exponential. Undefined where no object fits.
 */
export function objectValue(book: RuleBook, hint: string, shape: ObjectShape): Expr | undefined {
  const { members, additional, min, max } = shape;
  if (min > max) return undefined;
  const required = members.filter((each) => each.required).length;
  // Limits that hold anyway need no counting.
  const least = min <= required ? 0 : min;
  const most = additional === undefined && max >= members.length ? Number.POSITIVE_INFINITY : max;
  return new ObjectPrinter(book, hint, { ...shape, min: least, max: most }).print();
}

/** A place is how many members have been passed (`at`) and how many of them have been written (`count`). */
class ObjectPrinter {
  readonly #book: RuleBook;
  readonly #hint: string;
  readonly #shape: ObjectShape;
  readonly #ws: Expr;
  readonly #entries: readonly Expr[];
  readonly #additional: Expr | undefined;
  readonly #next = new Map<string, Expr>();
  /** `requiredFrom[at]`: how many required members come at or after that place. */
  readonly #requiredFrom: readonly number[];

  constructor(book: RuleBook, hint: string, shape: ObjectShape) {
    this.#book = book;
    this.#hint = hint;
    this.#shape = shape;
    this.#ws = whitespace(book);
    this.#entries = shape.members.map(({ name, value }) =>
      member(book, literal(JSON.stringify(name)), value),
    );
    const { additional } = shape;
    this.#additional =
      additional === undefined
        ? undefined
        : book.add(`${hint}-other`, member(book, additional.key, additional.value));
    const from = [0];
    for (const { required } of shape.members.toReversed()) from.unshift((from[0] ?? 0) + (required ? 1 : 0));
    this.#requiredFrom = from;
  }

  print(): Expr | undefined {
    const begin = sequence(literal("{"), this.#ws);
    const mayBeEmpty = this.#shape.min === 0 && this.#requiredFrom[0] === 0;
    const first = this.#mayGoOn(0, 0) ? this.#member(0, 0) : undefined;
    if (first === undefined && !mayBeEmpty) return undefined;
    if (first === undefined) return sequence(begin, literal("}"));
    return mayBeEmpty ? sequence(begin, choice([first, literal("}")])) : sequence(begin, first);
  }

  /** Can one more member be written here, so that everything required and counted still fits? */
  #mayGoOn(at: number, count: number): boolean {
    const { members, min, max } = this.#shape;
    const required = this.#requiredFrom[at] ?? 0;
    const available = this.#additional === undefined ? members.length - at : Number.POSITIVE_INFINITY;
    return available > 0 && count + Math.max(1, required) <= max && count + available >= min;
  }

  /** The members from `at` on, one at least, and the closing brace. */
  #member(at: number, count: number): Expr {
    const key = `${at} ${count}`;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    if (this.#next.size > MAX_OBJECT_STATES)
      throw schemaTooLarge("minProperties and maxProperties need too many states");
    const name = this.#isShared(at) ? this.#book.name(`${this.#hint}-from-${at}`) : undefined;
    const expr = at < this.#entries.length ? this.#declared(at, count) : this.#others(count);
    const result = name === undefined ? expr : this.#book.define(name, expr);
    this.#next.set(key, result);
    return result;
  }

  /** Two ways lead to a place that can be reached by leaving out a member, or with several counts taken for one. */
  #isShared(at: number): boolean {
    const { members, min, max } = this.#shape;
    return at > 0 && (members[at - 1]?.required === false || min > 0 || max < Number.POSITIVE_INFINITY);
  }

  #declared(at: number, count: number): Expr {
    const optional = this.#shape.members[at]?.required === false;
    const options: Expr[] = [];
    if (count + 1 + (this.#requiredFrom[at + 1] ?? 0) <= this.#shape.max)
      options.push(this.#written(at, count));
    if (optional && this.#mayGoOn(at + 1, count)) options.push(this.#member(at + 1, count));
    return choice(options);
  }

  /** The member at `at`, with all after it that leave no choice, up to the end or to where there is one. */
  #written(at: number, count: number): Expr {
    const parts: Expr[] = [];
    for (let i = at, written = count; ; ) {
      parts.push(this.#entries[i]!);
      i += 1;
      written = this.#counted(written + 1);
      if (i === this.#entries.length || !this.#mayGoOn(i, written)) {
        return sequence(...parts, i === this.#entries.length ? this.#tail(written) : this.#end());
      }
      if (this.#isShared(i) || !this.#shape.members[i]?.required)
        return sequence(...parts, this.#more(i, written));
      parts.push(literal(","), this.#ws);
    }
  }

  /** Counts past which nothing depends on the count any more are one place. */
  #counted(count: number): number {
    const { min, max } = this.#shape;
    return max === Number.POSITIVE_INFINITY ? Math.min(count, min) : count;
  }

  /** A comma and more members, or the end if it may come here. */
  #more(at: number, count: number): Expr {
    const more = sequence(literal(","), this.#ws, this.#member(at, count));
    const mayEnd = count >= this.#shape.min && this.#requiredFrom[at] === 0;
    return mayEnd ? choice([more, this.#end()]) : more;
  }

  #others(count: number): Expr {
    return sequence(this.#additional ?? EMPTY_TEXT, this.#tail(count + 1));
  }

  /** Further properties after `count` ones have been written, and the end. */
  #tail(count: number): Expr {
    const { min, max } = this.#shape;
    if (this.#additional === undefined) return this.#end();
    const others = following(this.#book, this.#additional, Math.max(0, min - count), max - count);
    return sequence(others, this.#end());
  }

  #end(): Expr {
    return sequence(this.#ws, literal("}"));
  }
}
