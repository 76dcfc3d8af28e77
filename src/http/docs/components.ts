type Json = unknown;

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The named schemas of a document: every object with a title is described once, and referred to from wherever it occurs. */
export class Components {
  readonly #schemas = new Map<string, Json>();

  /** In alphabetical order, so that it does not matter which route comes first. */
  get schemas(): Record<string, Json> {
    return Object.fromEntries([...this.#schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * `schema` with references in place of all objects that have a title, itself included.
   *
   * @throws Error when two different objects have the same title.
   */
  refer(schema: Json): Json {
    if (Array.isArray(schema)) return schema.map((item) => this.refer(item));
    if (!isRecord(schema)) return schema;
    const { title, ...rest } = schema;
    const referred = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.refer(value)]));
    if (typeof title !== "string" || schema.type !== "object") {
      return title === undefined ? referred : { title, ...referred };
    }
    this.#add(title, referred);
    return { $ref: `#/components/schemas/${title}` };
  }

  #add(title: string, schema: Json): void {
    const known = this.#schemas.get(title);
    if (known !== undefined && !Bun.deepEquals(known, schema)) {
      throw new Error(`two different schemas are called ${title}`);
    }
    this.#schemas.set(title, schema);
  }
}
