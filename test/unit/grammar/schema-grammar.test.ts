import { describe, expect, test } from "bun:test";
import { Gbnf } from "../../support/gbnf.ts";
import { seededRandom } from "../../support/random.ts";
import { schemaGrammar } from "../../support/schema-grammar.ts";
import { SCHEMA_CASES } from "../../support/schemas.ts";
import { validator } from "../../support/validator.ts";

const SAMPLES = 60;

describe("schemaGrammar on the table of schemas", () => {
  for (const { name, schema, valid, invalid, warnings = 0 } of SCHEMA_CASES) {
    test(name, () => {
      const { grammar, warnings: actual } = schemaGrammar(schema);
      const gbnf = new Gbnf(grammar);
      const isValid = validator(schema);
      expect(actual).toHaveLength(warnings);
      for (const value of valid) {
        expect(isValid(value), `${JSON.stringify(value)} by the independent validator`).toBe(true);
        expect(gbnf.matches(JSON.stringify(value)), JSON.stringify(value)).toBe(true);
      }
      for (const value of invalid) {
        expect(gbnf.matches(JSON.stringify(value)), JSON.stringify(value)).toBe(false);
      }
    });

    test(`${name}: whatever the grammar accepts is valid`, () => {
      const gbnf = new Gbnf(schemaGrammar(schema).grammar);
      const isValid = validator(schema);
      const random = seededRandom(1);
      for (let i = 0; i < SAMPLES; i++) {
        const text = gbnf.sample(random);
        expect(gbnf.matches(text), text).toBe(true);
        const value: unknown = JSON.parse(text);
        if (warnings === 0) expect(isValid(value), text).toBe(true);
      }
    });
  }
});
