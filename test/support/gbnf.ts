import { type Element, GbnfParser, type Rule } from "./gbnf-parser.ts";

/** What is still to come, innermost first. Equal stacks are the same object. */
interface Stack {
  id: number;
  elements: readonly Element[];
  at: number;
  below: Stack | undefined;
}

const MAX_STACKS = 20_000;

/** A grammar for tests: a simulation of llama.cpp's pushdown automaton says whether a text matches. */
export class Gbnf {
  readonly root: Rule;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly #stacks = new Map<string, Stack>();
  #costs: ReadonlyMap<Rule, number> | undefined;
  readonly #sequences = new Map<readonly Element[], number>();

  /** @throws Error where llama.cpp would refuse the grammar, and for left recursion that would hang it. */
  constructor(grammar: string) {
    const parser = new GbnfParser(grammar);
    this.root = parser.parse();
    this.rules = parser.rules;
  }

  /** Does the grammar accept `text` as a whole? */
  matches(text: string): boolean {
    return this.#advance(text)?.some((stack) => stack === undefined) ?? false;
  }

  /** Is there a text that begins with `text` and that the grammar accepts? Right for grammars without dead ends. */
  allows(text: string): boolean {
    return this.#advance(text) !== undefined;
  }

  /** How many stacks llama.cpp would follow after `text`; its cost for one token grows with that. */
  ways(text: string): number {
    return this.#advance(text)?.length ?? 0;
  }

  #advance(text: string): (Stack | undefined)[] | undefined {
    let stacks = this.#expand(this.root.alternatives.map((elements) => this.#push(elements, 0, undefined)));
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      const next = stacks.flatMap((stack) => {
        const element = stack?.elements[stack.at];
        if (stack === undefined || element?.type !== "characters") return [];
        const inside = element.ranges.some(([low, high]) => low <= codePoint && codePoint <= high);
        return inside === element.negated ? [] : [this.#push(stack.elements, stack.at + 1, stack.below)];
      });
      stacks = this.#expand(next);
      if (stacks.length === 0) return undefined;
    }
    return stacks;
  }

  /** Replaces rules on top by their alternatives until characters are on top, or nothing (undefined) is left. */
  #expand(start: readonly (Stack | undefined)[]): (Stack | undefined)[] {
    const seen = new Set(start);
    const done = new Set<Stack | undefined>();
    for (const stack of seen) {
      if (seen.size > MAX_STACKS) throw new Error("too many stacks: left recursion or a hopeless ambiguity");
      const element = stack?.elements[stack.at];
      if (stack === undefined || element?.type !== "rule") {
        done.add(stack);
        continue;
      }
      const below = this.#push(stack.elements, stack.at + 1, stack.below);
      for (const alternative of element.rule.alternatives) seen.add(this.#push(alternative, 0, below));
    }
    return [...done];
  }

  #push(elements: readonly Element[], at: number, below: Stack | undefined): Stack | undefined {
    if (at === elements.length) return below;
    const sequence = this.#sequences.get(elements) ?? this.#sequences.size;
    this.#sequences.set(elements, sequence);
    const key = `${sequence},${at},${below?.id ?? -1}`;
    const known = this.#stacks.get(key);
    if (known !== undefined) return known;
    const stack = { id: this.#stacks.size, elements, at, below };
    this.#stacks.set(key, stack);
    return stack;
  }

  /**
   * A text that the grammar accepts, chosen by `random` (0 ≤ x < 1). After `budget` characters only the shortest way out
   * is taken.
   */
  sample(random: () => number, budget = 60): string {
    this.#costs ??= this.#shortest();
    const shortest = this.#costs;
    const costOf = (elements: readonly Element[]) =>
      elements.reduce(
        (sum, element) => sum + (element.type === "rule" ? (shortest.get(element.rule) ?? 0) : 1),
        0,
      );
    let text = "";
    const todo: Element[] = [{ type: "rule", rule: this.root }];
    for (let element = todo.pop(); element !== undefined; element = todo.pop()) {
      if (element.type === "characters") {
        text += pick(element, random);
        continue;
      }
      const ways = element.rule.alternatives;
      const possible = ways.filter((way) => Number.isFinite(costOf(way)));
      const cheapest = possible.reduce((best, way) => (costOf(way) < costOf(best) ? way : best));
      const way = text.length < budget ? possible[Math.floor(random() * possible.length)]! : cheapest;
      todo.push(...way.toReversed());
    }
    return text;
  }

  /** The least number of characters that each rule needs. */
  #shortest(): Map<Rule, number> {
    const costs = new Map<Rule, number>(
      [...this.rules.values()].map((rule) => [rule, Number.POSITIVE_INFINITY]),
    );
    for (let changed = true; changed; ) {
      changed = false;
      for (const rule of this.rules.values()) {
        const cost = Math.min(
          ...rule.alternatives.map((way) =>
            way.reduce((sum, element) => sum + (element.type === "rule" ? costs.get(element.rule)! : 1), 0),
          ),
        );
        if (cost < costs.get(rule)!) {
          costs.set(rule, cost);
          changed = true;
        }
      }
    }
    return costs;
  }
}

/** A character that the element matches, with a liking for plain letters. */
function pick(element: Element & { type: "characters" }, random: () => number): string {
  if (element.negated) throw new Error("sampling from a negated class");
  const [low, high] = element.ranges[Math.floor(random() * element.ranges.length)]!;
  const span = Math.min(high, Math.max(low + 1, 0x2fff)) - low;
  return String.fromCodePoint(low + Math.floor(random() * (Math.min(span, high - low) + 1)));
}
