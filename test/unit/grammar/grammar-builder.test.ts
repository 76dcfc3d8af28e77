import { describe, expect, test } from "bun:test";
import { choice, literal, sequence } from "../../../src/grammar/gbnf.ts";
import { GrammarBuilder } from "../../../src/grammar/grammar-builder.ts";
import { Gbnf } from "../../support/gbnf.ts";

const search = {
  type: "object",
  properties: { query: { $ref: "#/$defs/text" }, limit: { type: "integer", minimum: 1, maximum: 50 } },
  required: ["query"],
  $defs: { text: { type: "string", minLength: 1 } },
};

const weather = {
  type: "object",
  properties: { city: { $ref: "#/$defs/text" }, unit: { enum: ["c", "f"] } },
  required: ["city", "unit"],
  $defs: { text: { type: "string", format: "color" } },
};

describe("GrammarBuilder", () => {
  test("several schemas share one grammar, each with its own definitions", () => {
    const builder = new GrammarBuilder();
    const call = (name: string, schema: unknown) =>
      sequence(literal(`{"name":"${name}","arguments":`), builder.addSchema(schema, name), literal("}"));
    const { grammar, warnings } = builder.build(choice([call("search", search), call("weather", weather)]));
    const gbnf = new Gbnf(grammar);
    expect(gbnf.matches('{"name":"search","arguments":{"query":"x","limit":50}}')).toBe(true);
    expect(gbnf.matches('{"name":"weather","arguments":{"city":"","unit":"c"}}')).toBe(true);
    expect(gbnf.matches('{"name":"search","arguments":{"query":""}}')).toBe(false);
    expect(gbnf.matches('{"name":"search","arguments":{"city":"","unit":"c"}}')).toBe(false);
    expect(warnings).toEqual(['"format" "color" at #/$defs/text is not enforced']);
    expect(grammar.match(/^char ::=/gm)).toHaveLength(1);
  });

  test("names that clash or are no GBNF names are made distinct", () => {
    const builder = new GrammarBuilder();
    const object = (name: string) => ({
      type: "object",
      properties: { [name]: { type: "string", maxLength: 2 } },
    });
    const exprs = ["root", "char", "é/ö", "é_ö", "9"].map((name) => builder.addSchema(object(name), name));
    const gbnf = new Gbnf(builder.build(choice(exprs)).grammar);
    for (const name of ["root", "char", "é/ö", "é_ö", "9"])
      expect(gbnf.matches(`{"${name}":"ab"}`)).toBe(true);
  });
});
