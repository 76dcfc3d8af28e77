import { choice, type Expr, reference } from "./gbnf.ts";
import { anyValue } from "./json-value.ts";
import { MAX_NESTING } from "./limits.ts";
import { invalid, schemaTooLarge } from "./refusals.ts";
import type { RuleBook } from "./rule-book.ts";
import { Combiner, subschemas } from "./schema/combine.ts";
import type { Facets } from "./schema/facets.ts";
import { checkKeywords, constraintsOf } from "./schema/keywords.ts";
import { nodeKey, type SchemaNode } from "./schema/node.ts";
import type { Warn } from "./schema/read.ts";
import { resolveRef } from "./schema/refs.ts";
import { ShapeCompiler } from "./shape-compiler.ts";

/** How far the compilation of one set of subschemas has come. */
interface Entry {
  /** The rule's name, reserved when another rule refers to this one before it is finished. */
  name?: string;
  /** How many objects and arrays are around the value. */
  depth: number;
  /** Set once the compilation is finished; `expr` is undefined where no value fits. */
  result?: { expr: Expr | undefined };
}

/**
 * Compiles subschemas to rules. A rule stands for a set of subschemas that a value must fulfil together; the same set always
 * gets the same rule, which is what ends the recursion of schemas that refer to themselves.
 */
export class SchemaCompiler {
  readonly #book: RuleBook;
  readonly #warn: Warn;
  readonly #combiner: Combiner;
  readonly #shapes: ShapeCompiler;
  readonly #entries = new Map<string, Entry>();
  #depth = 0;
  #level = 0;

  constructor(book: RuleBook, warn: Warn) {
    this.#book = book;
    this.#warn = warn;
    this.#combiner = new Combiner(warn);
    this.#shapes = new ShapeCompiler(book, warn, this.#combiner, (nodes, hint) => this.#part(nodes, hint));
  }

  /** Undefined where no value fulfils all of `nodes`; any JSON value where there are none. */
  compile(nodes: readonly SchemaNode[], hint: string): Expr | undefined {
    const set = this.#normalize(nodes);
    if (set.length === 0) return anyValue(this.#book);
    const key = set.map(nodeKey).sort().join(" ");
    const known = this.#entries.get(key);
    if (known !== undefined) return this.#recall(known, set, hint);
    if (this.#level >= MAX_NESTING)
      throw schemaTooLarge(`its subschemas are nested deeper than ${MAX_NESTING} levels`);
    const entry: Entry = { depth: this.#depth };
    this.#entries.set(key, entry);
    this.#level += 1;
    entry.result = { expr: this.#finish(entry, this.#value(set, hint), hint) };
    this.#level -= 1;
    return entry.result.expr;
  }

  /** A property's value or an array's item. */
  #part(nodes: readonly SchemaNode[], hint: string): Expr | undefined {
    this.#depth += 1;
    const expr = this.compile(nodes, hint);
    this.#depth -= 1;
    return expr;
  }

  #recall(entry: Entry, set: readonly SchemaNode[], hint: string): Expr | undefined {
    if (entry.result !== undefined) return entry.result.expr;
    if (entry.depth === this.#depth) {
      throw invalid(set[0]?.path ?? "#", "it refers to itself without any value in between");
    }
    entry.name ??= this.#book.name(hint);
    return reference(entry.name);
  }

  #finish(entry: Entry, expr: Expr | undefined, hint: string): Expr | undefined {
    // A rule without options is what others already refer to; the grammar's check then finds out whether it matters.
    if (entry.name !== undefined) return this.#book.define(entry.name, expr ?? choice([]));
    const short = expr === undefined || (expr.kind !== "sequence" && expr.kind !== "choice");
    return short ? expr : this.#book.add(hint, expr);
  }

  #value(set: readonly SchemaNode[], hint: string): Expr | undefined {
    const [only] = set;
    const options = set.length === 1 && only !== undefined ? this.#unionOf(only) : undefined;
    const exprs =
      options === undefined
        ? this.#fromFacets(this.#combiner.alternatives(set), hint)
        : options.map((option, i) => this.compile([option], `${hint}-${i + 1}`));
    const possible = exprs.filter((expr) => expr !== undefined);
    return possible.length === 0 ? undefined : choice(possible);
  }

  #fromFacets(alternatives: readonly Facets[], hint: string): (Expr | undefined)[] {
    if (alternatives.length === 1) return [this.#shapes.value(alternatives[0]!, hint)];
    return alternatives.map((facets, i) => this.#shapes.value(facets, `${hint}-${i + 1}`));
  }

  /** The options of a schema that is nothing but a union; each becomes a rule that others may share. */
  #unionOf(node: SchemaNode): SchemaNode[] | undefined {
    const [keyword, ...others] = constraintsOf(node);
    if (typeof node.schema === "boolean" || others.length > 0) return undefined;
    if (keyword === "oneOf") this.#combiner.checkOneOf(node, node.schema);
    return keyword === "anyOf" || keyword === "oneOf" ? subschemas(node, node.schema, keyword) : undefined;
  }

  /** Follows plain references, and leaves out duplicates and what constrains nothing. */
  #normalize(nodes: readonly SchemaNode[]): SchemaNode[] {
    const targets = new Map(nodes.map((node) => this.#target(node)).map((node) => [nodeKey(node), node]));
    return [...targets.values()].filter((node) => node.schema === false || constraintsOf(node).length > 0);
  }

  /** Where a schema leads that is nothing but a `$ref`, or an `allOf` with one part. */
  #target(node: SchemaNode): SchemaNode {
    const passed = new Set<string>();
    for (let at = node; ; ) {
      checkKeywords(at, this.#warn);
      if (passed.has(nodeKey(at))) throw invalid(at.path, "it refers to itself without any value in between");
      passed.add(nodeKey(at));
      const next = this.#step(at);
      if (next === undefined) return at;
      at = next;
    }
  }

  #step(node: SchemaNode): SchemaNode | undefined {
    const constraints = constraintsOf(node);
    if (typeof node.schema === "boolean" || constraints.length !== 1) return undefined;
    if (constraints[0] === "$ref") return resolveRef(node, node.schema.$ref);
    const parts = constraints[0] === "allOf" ? subschemas(node, node.schema, "allOf") : [];
    return parts.length === 1 ? parts[0] : undefined;
  }
}
