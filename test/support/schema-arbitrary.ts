import fc from "fast-check";

type Schema = Record<string, unknown>;

/** A schema and how to make values that fulfil it, properties in declared order. */
interface Described {
  schema: Schema;
  values: fc.Arbitrary<unknown>;
}

const count = fc.nat({ max: 4 });
const quarter = fc.integer({ min: -400, max: 400 }).map((n) => n / 4);

/** Lengths count characters, not UTF-16 units. */
function fitted(word: string, min: number, max: number): string {
  const characters = [...word].slice(0, max);
  return characters.join("") + "x".repeat(Math.max(0, min - characters.length));
}

const text: fc.Arbitrary<Described> = fc.tuple(count, count).map(([min, more]) => ({
  schema: { type: "string", minLength: min, maxLength: min + more },
  values: fc.string({ unit: "grapheme" }).map((word) => fitted(word, min, min + more)),
}));

const PATTERNS = [
  "^[a-f]{2,4}$",
  "^(ab|a)*c?$",
  "\\d+",
  "^x.y$",
  '^[^"\\\\]+$',
  "^(?:a{1,2}){2}|b$",
  "\\.\\w$",
];

const patterned: fc.Arbitrary<Described> = fc.constantFrom(...PATTERNS).map((pattern) => ({
  schema: { type: "string", pattern },
  values: fc.stringMatching(new RegExp(pattern, "u")),
}));

const integer: fc.Arbitrary<Described> = fc
  .tuple(fc.maxSafeInteger(), fc.nat({ max: 100_000 }))
  .map(([min, span]) => ({
    schema: { type: "integer", minimum: min, maximum: min + span },
    values: fc.integer({ min: 0, max: span }).map((n) => min + n),
  }));

const number: fc.Arbitrary<Described> = fc
  .tuple(quarter, fc.nat({ max: 400 }), fc.boolean(), fc.boolean())
  .map(([low, span, openLow, openHigh]) => {
    const high = low + span / 4 + 0.5;
    return {
      schema: {
        type: "number",
        [openLow ? "exclusiveMinimum" : "minimum"]: low,
        [openHigh ? "exclusiveMaximum" : "maximum"]: high,
      },
      values: fc
        .integer({ min: openLow ? 1 : 0, max: span * 2 + 4 - (openHigh ? 1 : 0) })
        .map((n) => low + n / 8),
    };
  });

/** Free numbers have exponents of at most two digits. */
const anyJson = (maxDepth: number): fc.Arbitrary<fc.JsonValue> =>
  fc
    .jsonValue({ maxDepth, stringUnit: "grapheme" })
    .filter((value) => !/\de[+-]\d{3}/.test(JSON.stringify(value)));

const listed: fc.Arbitrary<Described> = fc
  .uniqueArray(anyJson(1), {
    minLength: 1,
    maxLength: 5,
    selector: (value) => JSON.stringify(value),
  })
  .map((values) => ({ schema: { enum: values }, values: fc.constantFrom(...values) }));

const plain: fc.Arbitrary<Described> = fc.constantFrom<Described>(
  { schema: { type: "boolean" }, values: fc.boolean() },
  { schema: { type: "null" }, values: fc.constant(null) },
  { schema: { type: "string" }, values: fc.string({ unit: "grapheme" }) },
  { schema: { type: "integer" }, values: fc.maxSafeInteger() },
  { schema: { type: "number" }, values: quarter },
  {
    schema: {},
    values: anyJson(2),
  },
);

const leaf = fc.oneof(plain, text, patterned, integer, number, listed);

const name = fc
  .oneof(fc.constantFrom("a", "ab", "b", "id", "ключ", 'q"'), fc.string({ maxLength: 4 }))
  .filter((key) => !/^\d|^__proto__$/.test(key));

function objectOf(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  const member = fc.record({ part: inner, required: fc.boolean() });
  const additional = fc.option(inner, { nil: undefined });
  return fc
    .tuple(fc.dictionary(name, member, { maxKeys: 4, noNullPrototype: true }), additional)
    .map(([members, other]) => {
      const entries = Object.entries(members);
      const required = entries.filter(([, member]) => member.required).map(([key]) => key);
      const declared = fc.record(
        Object.fromEntries(entries.map(([key, member]) => [key, member.part.values])),
        {
          requiredKeys: required,
          noNullPrototype: true,
        },
      );
      const ordered = declared.map((value) =>
        Object.fromEntries(entries.filter(([key]) => key in value).map(([key]) => [key, value[key]])),
      );
      const schema = {
        type: "object",
        properties: Object.fromEntries(entries.map(([key, member]) => [key, member.part.schema])),
        required,
        additionalProperties: other?.schema ?? false,
      };
      if (other === undefined) return { schema, values: ordered };
      const more = fc.dictionary(name, other.values, { maxKeys: 2, noNullPrototype: true });
      const values = fc.tuple(ordered, more).map(([own, rest]) => ({
        ...own,
        ...Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in members))),
      }));
      return { schema, values };
    });
}

function arrayOf(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  return fc.tuple(inner, count, count).map(([item, min, more]) => ({
    schema: { type: "array", items: item.schema, minItems: min, maxItems: min + more },
    values: fc.array(item.values, { minLength: min, maxLength: min + more }),
  }));
}

function tupleOf(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  return fc.array(inner, { minLength: 1, maxLength: 3 }).map((items) => ({
    schema: { type: "array", prefixItems: items.map((item) => item.schema), items: false },
    values: fc.tuple(...items.map((item) => item.values)),
  }));
}

function anyOf(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  return fc.array(inner, { minLength: 1, maxLength: 3 }).map((options) => ({
    schema: { anyOf: options.map((option) => option.schema) },
    values: fc.oneof(...options.map((option) => option.values)),
  }));
}

function allOf(inner: fc.Arbitrary<Described>): fc.Arbitrary<Described> {
  return inner.map(({ schema, values }) => {
    const entries = Object.entries(schema);
    const half = Math.ceil(entries.length / 2);
    // Keywords that look at their neighbours stay together.
    const splits = schema.type !== "object" && schema.prefixItems === undefined;
    const parts = splits ? [entries.slice(0, half), entries.slice(half)] : [entries];
    return { schema: { allOf: parts.map((part) => Object.fromEntries(part)) }, values };
  });
}

const nested = (depth: number): fc.Arbitrary<Described> => {
  if (depth === 0) return leaf;
  const inner = nested(depth - 1);
  return fc.oneof(leaf, objectOf(inner), arrayOf(inner), tupleOf(inner), anyOf(inner), allOf(inner));
};

/** Schemas with a definition that is used by reference, and one value that fulfils each. */
export const schemaAndValue: fc.Arbitrary<{ schema: Schema; value: unknown }> = fc
  .tuple(nested(3), nested(1), fc.boolean())
  .map(([main, shared, uses]) => {
    if (!uses) return main;
    return {
      schema: { anyOf: [main.schema, { $ref: "#/$defs/shared" }], $defs: { shared: shared.schema } },
      values: fc.oneof(main.values, shared.values),
    };
  })
  .chain(({ schema, values }) => values.map((value) => ({ schema, value })))
  // Ajv, which judges them, asks objects by these methods whether they are equal, and calls whatever stands there.
  .filter((both) => !/"(valueOf|toString)":/.test(JSON.stringify(both)));
