import { afterAll, beforeAll, expect, test } from "bun:test";
import { smollm2 } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";
import { SCHEMA_CASES } from "../support/schemas.ts";
import { structuredAnswer } from "../support/structured-output.ts";

const SEEDS = 2;

let runner: TestRunner;

beforeAll(async () => {
  runner = new TestRunner({ modelPath: await smollm2(), parallel: 4 });
  await runner.info;
}, 300_000);

afterAll(async () => {
  await runner[Symbol.asyncDispose]();
});

test(`every schema, ${SEEDS} random seeds each: whatever a real model completes is valid`, async () => {
  const runs = SCHEMA_CASES.flatMap((each) => Array.from({ length: SEEDS }, () => each));
  const answers = await Promise.all(
    runs.map((each) => structuredAnswer(runner, each, Math.floor(Math.random() * 2 ** 31))),
  );
  expect(answers.map(({ complaint }) => complaint).filter((complaint) => complaint !== undefined)).toEqual(
    [],
  );
  const complete = answers.filter((answer) => answer.complete).length;
  expect(complete, `of ${answers.length} answers`).toBeGreaterThan(answers.length / 2);
}, 1_800_000);
