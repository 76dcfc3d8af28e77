import { afterAll, beforeAll, expect, test } from "bun:test";
import { smollm2 } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";
import { SCHEMA_CASES } from "../support/schemas.ts";
import { structuredAnswer } from "../support/structured-output.ts";

/** Every fourth schema, so that each kind of keyword is there; test/full has all of them. */
const CASES = SCHEMA_CASES.filter((_, index) => index % 4 === 0);

let runner: TestRunner;

beforeAll(async () => {
  runner = new TestRunner({ modelPath: await smollm2(), parallel: 4 });
  await runner.info;
}, 300_000);

afterAll(async () => {
  await runner[Symbol.asyncDispose]();
});

test("a real model's answers under a schema are valid, whatever the seed", async () => {
  const seeds = CASES.map(() => Math.floor(Math.random() * 2 ** 31));
  const answers = await Promise.all(CASES.map((each, at) => structuredAnswer(runner, each, seeds[at]!)));
  expect(answers.map(({ complaint }) => complaint).filter((complaint) => complaint !== undefined)).toEqual(
    [],
  );
  const complete = answers.filter((answer) => answer.complete).length;
  expect(complete, `of ${answers.length} answers`).toBeGreaterThan(answers.length / 2);
}, 180_000);
