import { beforeAll, describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { Gbnf } from "../support/gbnf.ts";
import { jsonSchemaTestSuite, type SuiteGroup, type SuiteTest } from "../support/json-schema-test-suite.ts";
import { schemaGrammar } from "../support/schema-grammar.ts";

/** The official test suite of JSON Schema, draft 2020-12, put to the grammars. */

interface Judged extends SuiteTest {
  group: SuiteGroup;
  accepted: boolean;
}

/**
 * Why a grammar may refuse a valid instance: it asks for less than the schema allows, so that a model is given something to
 * follow (src/prompt/grammar/README.md). The first reason that fits counts.
 */
const NARROWER: readonly { reason: string; count: number; fits: (judged: Judged) => boolean }[] = [
  {
    reason: "keywords imply the type that they are about",
    count: 96,
    fits: ({ description }) => /^(all string formats )?ignores? |pseudo-array/.test(description),
  },
  {
    reason: "formats are asserted, not annotations",
    count: 10,
    fits: ({ description }) => description.endsWith("is only an annotation by default"),
  },
  {
    reason: "tuples are written in full and closed",
    count: 12,
    fits: ({ group: { schema } }) => JSON.stringify(schema).includes('"prefixItems"'),
  },
  {
    reason: "objects that declare properties are closed",
    count: 2,
    fits: ({ description }) =>
      ["doesn't invalidate other properties", "additional properties are allowed"].includes(description),
  },
  {
    reason: "a subschema of properties only is an object",
    count: 2,
    fits: ({ group }) => group.description === "root pointer ref",
  },
  {
    reason: "properties come in declared order",
    count: 4,
    fits: ({ group: { description } }) =>
      ["anyOf complex types", "allOf", "allOf with base schema", "const with object"].includes(description),
  },
  {
    reason: "a metaschema cannot switch keywords off",
    count: 1,
    fits: ({ group: { keyword } }) => keyword === "vocabulary",
  },
];

/** How many schemas are refused for which keyword; of `$ref` only what leaves the document, anchors and `$id`s. */
const REFUSED: Record<string, number> = {
  $dynamicRef: 3,
  $ref: 48,
  contains: 18,
  dependentRequired: 4,
  dependentSchemas: 7,
  else: 2,
  if: 17,
  maxContains: 1,
  minContains: 1,
  not: 11,
  patternProperties: 9,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, here without an `if`.
  then: 3,
  unevaluatedItems: 20,
  unevaluatedProperties: 32,
  unsatisfiable: 7,
};

const compiled: { group: SuiteGroup; warnings: number }[] = [];
const refused: { group: SuiteGroup; why: string }[] = [];
const judged: Judged[] = [];
const judgedWithWarnings: Judged[] = [];

const reasonOf = (error: unknown): string => {
  if (!(error instanceof AppError)) throw error;
  if (error.message.includes("cannot be satisfied")) return "unsatisfiable";
  return /^unsupported JSON Schema keyword "([^"]+)"/.exec(error.message)?.[1] ?? error.message;
};

function judge(group: SuiteGroup): void {
  try {
    const { grammar, warnings } = schemaGrammar(group.schema);
    compiled.push({ group, warnings: warnings.length });
    const gbnf = new Gbnf(grammar);
    const into = warnings.length > 0 ? judgedWithWarnings : judged;
    for (const each of group.tests)
      into.push({ ...each, group, accepted: gbnf.matches(JSON.stringify(each.data)) });
  } catch (error) {
    refused.push({ group, why: reasonOf(error) });
  }
}

const nameOf = ({ group, description }: Judged): string =>
  `${group.keyword}: ${group.description}: ${description}`;

beforeAll(async () => {
  for (const group of await jsonSchemaTestSuite()) judge(group);
}, 300_000);

test("about half of the schemas become grammars; the rest is refused for a keyword by name", () => {
  const counts: Record<string, number> = {};
  for (const { why } of refused) counts[why] = (counts[why] ?? 0) + 1;
  expect(counts).toEqual(REFUSED);
  expect({
    schemas: compiled.length + refused.length,
    enforced: compiled.filter(({ warnings }) => warnings === 0).length,
    enforcedInPart: compiled.filter(({ warnings }) => warnings > 0).length,
  }).toEqual({ schemas: 364, enforced: 157, enforcedInPart: 24 });
});

test("a schema that is called unsatisfiable has no valid instance, but for tuples that are not written in full", () => {
  const unsatisfiable = refused.filter(({ why }) => why === "unsatisfiable");
  const satisfiable = unsatisfiable.filter(({ group }) => group.tests.some((each) => each.valid));
  expect(satisfiable.map(({ group }) => group.description)).toEqual(["prefixItems with boolean schemas"]);
});

describe("schemas that are enforced", () => {
  test("every invalid instance is refused", () => {
    const invalid = judged.filter(({ valid }) => !valid);
    expect(invalid.length).toBe(214);
    expect(invalid.filter(({ accepted }) => accepted).map(nameOf)).toEqual([]);
  });

  test("every valid instance is accepted, or refused for a reason that is known", () => {
    const valid = judged.filter((each) => each.valid);
    const notAccepted = valid.filter(({ accepted }) => !accepted);
    const reasons = notAccepted.map(
      (each) => NARROWER.find(({ fits }) => fits(each))?.reason ?? nameOf(each),
    );
    const counts: Record<string, number> = {};
    for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
    expect(counts).toEqual(Object.fromEntries(NARROWER.map(({ reason, count }) => [reason, count])));
    expect({ valid: valid.length, accepted: valid.length - notAccepted.length }).toEqual({
      valid: 363,
      accepted: 236,
    });
  });
});

test("what a warning leaves open is uniqueness, multiples and the exclusiveness of oneOf", () => {
  const invalid = judgedWithWarnings.filter(({ valid }) => !valid);
  const accepted = invalid.filter((each) => each.accepted);
  expect(new Set(accepted.map(({ group }) => group.keyword))).toEqual(
    new Set(["uniqueItems", "multipleOf", "oneOf", "allOf"]),
  );
  expect({ invalid: invalid.length, accepted: accepted.length }).toEqual({ invalid: 41, accepted: 30 });
});
