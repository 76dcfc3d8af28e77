/**
 * A parser for llama.cpp's grammar language with llama.cpp's limits, for tests. Written against its src/llama-grammar.cpp and
 * independent of src/prompt/grammar.
 */
export type Element =
  | { type: "characters"; ranges: readonly (readonly [number, number])[]; negated: boolean }
  | { type: "rule"; rule: Rule };

/** Alternatives, each a list of elements. */
export interface Rule {
  name: string;
  alternatives: Element[][];
  defined: boolean;
}

const MAX_REPETITION = 2000;

export class GbnfParser {
  readonly rules = new Map<string, Rule>();
  readonly #text: string;
  #at = 0;
  #synthesized = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Rule {
    this.#blanks(true);
    while (this.#at < this.#text.length) this.#rule();
    for (const rule of this.rules.values()) if (!rule.defined) throw new Error(`undefined rule ${rule.name}`);
    const root = this.rules.get("root");
    if (root === undefined) throw new Error("no root rule");
    return root;
  }

  #rule(): void {
    const rule = this.#named(this.#name());
    this.#blanks(false);
    this.#expect("::=");
    this.#blanks(true);
    if (rule.defined) throw new Error(`rule ${rule.name} is defined twice`);
    rule.alternatives = this.#alternatives(false);
    rule.defined = true;
    if (this.#at < this.#text.length) this.#expect("\n");
    this.#blanks(true);
  }

  #named(name: string): Rule {
    const known = this.rules.get(name);
    if (known !== undefined) return known;
    const rule: Rule = { name, alternatives: [], defined: false };
    this.rules.set(name, rule);
    return rule;
  }

  #synthesize(alternatives: Element[][]): Rule {
    const rule = { name: `#${this.#synthesized++}`, alternatives, defined: true };
    this.rules.set(rule.name, rule);
    return rule;
  }

  #alternatives(nested: boolean): Element[][] {
    const alternatives = [this.#sequence(nested)];
    while (this.#take("|")) {
      this.#blanks(true);
      alternatives.push(this.#sequence(nested));
    }
    return alternatives;
  }

  #sequence(nested: boolean): Element[] {
    const elements: Element[] = [];
    let symbol: Element[] = [];
    let weight = 1;
    for (;;) {
      const before = this.rules.size;
      const next = this.#symbol();
      if (next !== undefined) {
        elements.push(...symbol);
        symbol = next;
        weight = Math.max(
          1,
          next[0]?.type === "rule" && next[0].rule.name.startsWith("#") ? this.rules.size - before : 1,
        );
        this.#blanks(nested);
        continue;
      }
      const times = this.#times();
      if (times === undefined) break;
      this.#blanks(nested);
      const [min, max] = times;
      weight *= Number.isFinite(max) && max > 0 ? max : Math.max(1, min);
      if (weight > MAX_REPETITION) throw new Error("too many repetitions");
      if (symbol.length === 0) throw new Error(`nothing to repeat at ${this.#at}`);
      symbol = this.#repeated(symbol, min, max);
    }
    return [...elements, ...symbol];
  }

  #repeated(symbol: Element[], min: number, max: number): Element[] {
    const required = Array.from({ length: min }, () => symbol).flat();
    if (max === min) return required;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#synthesize([]);
      loop.alternatives.push([...symbol, { type: "rule", rule: loop }], []);
      return [...required, { type: "rule", rule: loop }];
    }
    let rest: Element[] = [];
    for (let i = min; i < max; i++)
      rest = [{ type: "rule", rule: this.#synthesize([[...symbol, ...rest], []]) }];
    return [...required, ...rest];
  }

  #symbol(): Element[] | undefined {
    if (this.#take('"')) return this.#literal();
    if (this.#take("[")) return [this.#class()];
    if (this.#take("(")) {
      this.#blanks(true);
      const rule = this.#synthesize(this.#alternatives(true));
      this.#expect(")");
      return [{ type: "rule", rule }];
    }
    return /[A-Za-z0-9-]/.test(this.#peek())
      ? [{ type: "rule", rule: this.#named(this.#name()) }]
      : undefined;
  }

  #literal(): Element[] {
    const elements: Element[] = [];
    while (!this.#take('"')) {
      const c = this.#character();
      elements.push({ type: "characters", ranges: [[c, c]], negated: false });
    }
    return elements;
  }

  #class(): Element {
    const negated = this.#take("^");
    const ranges: [number, number][] = [];
    while (!this.#take("]")) {
      const low = this.#character();
      const isRange = this.#peek() === "-" && this.#text[this.#at + 1] !== "]";
      if (isRange) this.#at += 1;
      ranges.push([low, isRange ? this.#character() : low]);
    }
    if (ranges.length === 0) throw new Error("empty class, which llama.cpp takes for the empty text");
    return { type: "characters", ranges, negated };
  }

  #character(): number {
    const codePoint = this.#text.codePointAt(this.#at);
    if (codePoint === undefined) throw new Error("unexpected end of grammar");
    if (codePoint !== 0x5c) {
      this.#at += codePoint > 0xffff ? 2 : 1;
      return codePoint;
    }
    const letter = this.#text[this.#at + 1] ?? "";
    this.#at += 2;
    const digits = { x: 2, u: 4, U: 8 }[letter];
    if (digits !== undefined) {
      const hex = this.#text.slice(this.#at, this.#at + digits);
      if (!/^[0-9A-Fa-f]+$/.test(hex) || hex.length !== digits)
        throw new Error(`bad escape \\${letter}${hex}`);
      this.#at += digits;
      return Number.parseInt(hex, 16);
    }
    const known = { t: 9, r: 13, n: 10, "\\": 0x5c, '"': 0x22, "[": 0x5b, "]": 0x5d, "-": 0x2d }[letter];
    if (known === undefined) throw new Error(`unknown escape \\${letter}`);
    return known;
  }

  #times(): [number, number] | undefined {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    if (!this.#take("{")) return undefined;
    const min = this.#number();
    const comma = this.#take(",");
    const max = comma ? (this.#peek() === "}" ? Number.POSITIVE_INFINITY : this.#number()) : min;
    this.#expect("}");
    // llama.cpp drops such a maximum without a word, which our grammars must not rely on.
    if (min > MAX_REPETITION || (max !== Number.POSITIVE_INFINITY && max > MAX_REPETITION)) {
      throw new Error("too many repetitions");
    }
    return [min, max];
  }

  #number(): number {
    const digits = /^\d+/.exec(this.#text.slice(this.#at, this.#at + 12))?.[0];
    if (digits === undefined) throw new Error(`number expected at ${this.#at}`);
    this.#at += digits.length;
    return Number(digits);
  }

  #name(): string {
    const start = this.#at;
    while (/[A-Za-z0-9-]/.test(this.#peek())) this.#at += 1;
    if (this.#at === start) throw new Error(`name expected at ${this.#text.slice(start, start + 30)}`);
    return this.#text.slice(start, this.#at);
  }

  #blanks(newlines: boolean): void {
    while (" \t".includes(this.#peek() || "x") || (newlines && this.#peek() === "\n")) this.#at += 1;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text))
      throw new Error(`${text} expected at ${this.#text.slice(this.#at, this.#at + 30)}`);
  }
}
