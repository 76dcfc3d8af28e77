/** The client library against a real server and a real model: the README's example as it stands, and an abort. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createClient, LlameroError } from "llamero/client";
import { smollm2 } from "../support/models.ts";
import { runProgram } from "../support/run-program.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;
const EXAMPLE = join(import.meta.dir, "../../examples/chat.ts");

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2(), { parameters: { temperature: 0 } });
}, LIMIT_MS);

afterAll(() => server?.stop());

const runExample = (...args: string[]) => runProgram([EXAMPLE, ...args], { LLAMERO_URL: server.url });

test(
  "the example holds a conversation",
  async () => {
    const { code, stdout, stderr } = await runExample("smollm2", "Say hello.", "And goodbye.");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toStartWith("smollm2: 134.52M, Q4_1\n");
    const endings = [...stdout.matchAll(/^\((?:stop|length), (\d+) tokens\)$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(endings).toHaveLength(2);
    for (const count of endings) expect(count).toBeWithin(1, 65);
  },
  LIMIT_MS,
);

test("the example says what is wrong", async () => {
  expect(await runExample("nothing", "Hello?")).toEqual({
    code: 1,
    stdout: "",
    stderr: "404: model 'nothing:latest' not found\n",
  });
});

test(
  "an abort ends the answer here and on the server",
  async () => {
    const client = createClient({ host: server.url });
    const abort = new AbortController();
    const request = { model: "smollm2", prompt: "Count to a thousand.", options: { num_predict: 2000 } };
    const reading = (async () => {
      for await (const chunk of client.generate(request, { signal: abort.signal })) {
        if (chunk.response !== "") abort.abort();
      }
    })();
    await expect(reading).rejects.toHaveProperty("name", "AbortError");
    // One slot: the next answer comes only when the aborted one has left it.
    const next = client.generate({ ...request, options: { num_predict: 1 } });
    expect((await Array.fromAsync(next)).at(-1)).toMatchObject({ done: true, eval_count: 1 });
  },
  LIMIT_MS,
);

test("a failure is the same error, returned or thrown", async () => {
  const client = createClient({ host: server.url });
  const { error } = await client.api.show.post({ model: "nothing" });
  expect(error).toBeInstanceOf(LlameroError);
  const thrown = await Array.fromAsync(client.chat({ model: "nothing" })).catch((reason: unknown) => reason);
  expect(thrown).toMatchObject({ status: 404, message: "model 'nothing' not found" });
});
