import { expect, test } from "bun:test";
import fc from "fast-check";
import { Gbnf } from "../../support/gbnf.ts";
import { seededRandom } from "../../support/random.ts";
import { schemaAndValue } from "../../support/schema-arbitrary.ts";
import { schemaGrammar } from "../../support/schema-grammar.ts";
import { validator } from "../../support/validator.ts";

test("valid values of random schemas are accepted", () => {
  fc.assert(
    fc.property(schemaAndValue, ({ schema, value }) => {
      const gbnf = new Gbnf(schemaGrammar(schema).grammar);
      expect(validator(schema)(value)).toBe(true);
      expect(gbnf.matches(JSON.stringify(value))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("whatever the grammar of a random schema accepts is valid", () => {
  fc.assert(
    fc.property(schemaAndValue, fc.integer(), ({ schema }, seed) => {
      const { grammar, warnings } = schemaGrammar(schema);
      expect(warnings).toEqual([]);
      const text = new Gbnf(grammar).sample(seededRandom(seed));
      expect(validator(schema)(JSON.parse(text)), text).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("the same schema always gives the same grammar", () => {
  fc.assert(
    fc.property(schemaAndValue, ({ schema }) => {
      expect(schemaGrammar(schema)).toEqual(schemaGrammar(structuredClone(schema)));
    }),
    { numRuns: 50 },
  );
});
