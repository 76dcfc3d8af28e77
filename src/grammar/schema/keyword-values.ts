import { invalid } from "../refusals.ts";
import { isSchemaObject, type SchemaNode, type SchemaObject } from "./node.ts";

/** Typed access to one schema object's keywords; a value of the wrong type is a 400 that names the keyword. */
export class KeywordValues {
  readonly #node: SchemaNode;
  readonly #schema: SchemaObject;

  constructor(node: SchemaNode, schema: SchemaObject) {
    this.#node = node;
    this.#schema = schema;
  }

  /** A non-negative integer. */
  count(keyword: string): number | undefined {
    return this.#read(
      keyword,
      "a non-negative integer",
      (value): value is number => Number.isInteger(value) && Number(value) >= 0,
    );
  }

  number(keyword: string): number | undefined {
    return this.#read(keyword, "a finite number", (value): value is number => Number.isFinite(value));
  }

  text(keyword: string): string | undefined {
    return this.#read(keyword, "a string", (value): value is string => typeof value === "string");
  }

  flag(keyword: string): boolean | undefined {
    return this.#read(keyword, "a boolean", (value): value is boolean => typeof value === "boolean");
  }

  texts(keyword: string): string[] | undefined {
    return this.#read(
      keyword,
      "an array of strings",
      (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string"),
    );
  }

  list(keyword: string): unknown[] | undefined {
    return this.#read(
      keyword,
      "a non-empty array",
      (value): value is unknown[] => Array.isArray(value) && value.length > 0,
    );
  }

  map(keyword: string): SchemaObject | undefined {
    return this.#read(keyword, "an object", isSchemaObject);
  }

  raw(keyword: string): unknown {
    return Object.hasOwn(this.#schema, keyword) ? this.#schema[keyword] : undefined;
  }

  /** Is one of the keywords present? */
  has(...keywords: string[]): boolean {
    return keywords.some((keyword) => Object.hasOwn(this.#schema, keyword));
  }

  #read<T>(keyword: string, expected: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.raw(keyword);
    if (value === undefined || is(value)) return value;
    throw invalid(this.#node.path, `"${keyword}" must be ${expected}`);
  }
}
