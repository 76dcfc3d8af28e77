import { defined } from "../lib/defined.ts";
import { arrayValue } from "./arrays.ts";
import { choice, type Expr } from "./gbnf.ts";
import { anyArray, anyBoolean, anyObject, anyString, anyValue, nullValue } from "./json-value.ts";
import { otherKey } from "./keys.ts";
import { MAX_ENUM_CHARS } from "./limits.ts";
import { type ObjectMember, objectValue } from "./objects.ts";
import { schemaTooLarge } from "./refusals.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Combiner } from "./schema/combine.ts";
import { ALL_KINDS, type ArrayFacets, type Facets, kindsOf, type ObjectFacets } from "./schema/facets.ts";
import type { SchemaNode } from "./schema/node.ts";
import type { Warn } from "./schema/read.ts";
import { Validator } from "./schema/validator.ts";
import { textsValue } from "./values/enum-value.ts";
import { numberValue } from "./values/number-value.ts";
import { StringAutomata } from "./values/string-automata.ts";
import { stringValue } from "./values/string-value.ts";

type Part = (nodes: readonly SchemaNode[], hint: string) => Expr | undefined;

/** Compiles one alternative without `anyOf` and the like to an expression; undefined always means that no value fits. */
export class ShapeCompiler {
  readonly #book: RuleBook;
  readonly #warn: Warn;
  readonly #combiner: Combiner;
  readonly #part: Part;
  readonly #automata = new StringAutomata();
  readonly #validator: Validator;
  #enumChars = 0;

  /** @param part compiles the subschemas of a property or an item. */
  constructor(book: RuleBook, warn: Warn, combiner: Combiner, part: Part) {
    this.#book = book;
    this.#warn = warn;
    this.#combiner = combiner;
    this.#part = part;
    this.#validator = new Validator((nodes) => combiner.alternatives(nodes), this.#automata);
  }

  value(facets: Facets, hint: string): Expr | undefined {
    if (facets.values !== undefined) return this.#listed(facets, hint);
    const kinds = kindsOf(facets);
    const { string, number, object, array } = facets;
    const free = string === undefined && number === undefined && object === undefined && array === undefined;
    if (free && kinds.size === ALL_KINDS.length) return anyValue(this.#book);
    const options: (Expr | undefined)[] = [];
    if (kinds.has("object"))
      options.push(object ? this.#object(object, hint, facets.path) : anyObject(this.#book));
    if (kinds.has("array")) options.push(array ? this.#array(array, hint) : anyArray(this.#book));
    if (kinds.has("string")) {
      options.push(
        string ? stringValue(this.#book, hint, string, this.#automata, this.#warn) : anyString(this.#book),
      );
    }
    if (kinds.has("integer") || kinds.has("fraction")) {
      options.push(numberValue(this.#book, number, kinds.has("fraction"), facets.path));
    }
    if (kinds.has("boolean")) options.push(anyBoolean(this.#book));
    if (kinds.has("null")) options.push(nullValue);
    const possible = options.filter((option) => option !== undefined);
    return possible.length === 0 ? undefined : choice(possible);
  }

  /** The values of enum and const that fulfil everything else, in compact JSON. */
  #listed(facets: Facets, hint: string): Expr | undefined {
    const texts = this.#validator.listed(facets).map((value) => JSON.stringify(value));
    this.#enumChars += texts.reduce((sum, text) => sum + text.length, 0);
    if (this.#enumChars > MAX_ENUM_CHARS)
      throw schemaTooLarge(`its enums have more than ${MAX_ENUM_CHARS} characters`);
    return texts.length === 0 ? undefined : textsValue(this.#book, hint, texts);
  }

  /**
   * An object that declares properties has no others unless `additionalProperties` says so: JSON Schema would allow them,
   * but models then ramble, and llama.cpp and Ollama decide alike.
   */
  #object(facets: ObjectFacets, hint: string, path: string): Expr | undefined {
    const undeclared = [...facets.required].filter((name) => !facets.properties.has(name));
    const names = this.#names(facets);
    const members: ObjectMember[] = [];
    for (const name of [...facets.properties.keys(), ...undeclared]) {
      const nodes = facets.properties.get(name) ?? facets.additional ?? [];
      const required = facets.required.has(name);
      const allowed = names === undefined || names.some((each) => this.#validator.accepts(each, name));
      const value = allowed ? this.#part(nodes, `${hint}-${name}`) : undefined;
      if (value !== undefined) members.push({ name, value, required });
      else if (required) return undefined;
    }
    const open =
      facets.additional !== undefined || facets.properties.size === 0 || facets.min > members.length;
    const declared = [...facets.properties.keys(), ...undeclared];
    const additional = open && facets.max > 0 ? this.#additional(facets, declared, names, hint) : undefined;
    if (additional !== undefined && facets.min > facets.required.size + 1) {
      this.#warn(`"minProperties" at ${path} counts a property twice if the model repeats its name`);
    }
    const { min, max } = facets;
    return objectValue(this.#book, hint, {
      members,
      min,
      max,
      ...defined({ additional }),
    });
  }

  #additional(
    facets: ObjectFacets,
    declared: readonly string[],
    names: readonly Facets[] | undefined,
    hint: string,
  ) {
    const value = this.#part(facets.additional ?? [], `${hint}-value`);
    const key = value === undefined ? undefined : otherKey(this.#book, hint, this.#automata, declared, names);
    return value === undefined || key === undefined ? undefined : { key, value };
  }

  /** The constraints of propertyNames; undefined where every string is a name. */
  #names(facets: ObjectFacets): readonly Facets[] | undefined {
    if (facets.names.length === 0) return undefined;
    const alternatives = this.#combiner.alternatives(facets.names);
    const free = alternatives.some(
      (each) => kindsOf(each).has("string") && each.values === undefined && each.string === undefined,
    );
    return free ? undefined : alternatives;
  }

  /**
   * Items at fixed places are all written unless `minItems` says otherwise, and nothing follows them unless `items` does:
   * every such array is valid, and it is what tuples are written for.
   */
  #array(facets: ArrayFacets, hint: string): Expr | undefined {
    const prefix: Expr[] = [];
    let max = facets.max;
    for (const [i, nodes] of facets.prefix.entries()) {
      const item = this.#part(nodes, `${hint}-${i + 1}`);
      if (item === undefined) {
        max = Math.min(max, i);
        break;
      }
      prefix.push(item);
    }
    const min = facets.min ?? Math.min(facets.prefix.length, facets.max);
    const open = facets.rest !== undefined || facets.prefix.length === 0 || min > facets.prefix.length;
    const rest = open && max > prefix.length ? this.#part(facets.rest ?? [], `${hint}-item`) : undefined;
    return arrayValue(this.#book, hint, { prefix, min, max, ...defined({ rest }) });
  }
}
