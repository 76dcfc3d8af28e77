import { afterAll, beforeAll, expect, test } from "bun:test";
import { tinyLlama } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";
import { cpuSecondsOf } from "../support/strain.ts";

/** Every x may be followed by an a or a b once the last x has come: after n of them there are 2^n ways to go on. */
const AMBIGUOUS = 'root ::= "x" root "a" | "x" root "b" | "z"';
/** What one such answer may cost its runner before it ends, in seconds: it took minutes, and other slots waited. */
const MOST_SECONDS = 20;

let runner: TestRunner;

beforeAll(async () => {
  runner = new TestRunner({ modelPath: await tinyLlama(), parallel: 2 });
  await runner.info;
}, 60_000);

afterAll(async () => {
  await runner[Symbol.asyncDispose]();
});

test.skipIf(process.platform !== "linux")(
  "a grammar with more and more readings ends its own request, and the other slot goes on",
  async () => {
    const prompt = await runner.tokenize("a");
    const [z = -1] = (await runner.tokenize("z")).slice(-1);
    const other = runner.start(prompt, { numPredict: 200 });
    await other.started;
    const before = cpuSecondsOf(runner.process.pid);
    const ambiguous = await runner.generate(
      prompt,
      { numPredict: 200 },
      {
        grammar: AMBIGUOUS,
        logitBias: [[z, -1000]],
      },
    );
    expect(ambiguous.end).toMatchObject({
      type: "error",
      kind: "bad_request",
      message: "the schema can be read in too many ways at once",
    });
    expect(cpuSecondsOf(runner.process.pid) - before).toBeLessThan(MOST_SECONDS);
    expect((await other.answer).end.type).toBe("done");
    const again = await runner.generate(prompt, { numPredict: 4 }, { grammar: 'root ::= "abcd"' });
    expect(again.text).toBe("abcd");
  },
  120_000,
);
