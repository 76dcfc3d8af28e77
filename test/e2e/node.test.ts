/** npm packages under Node.js itself: the other tests run them under Bun, whose fetch and streams are its own. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { ENDLESS } from "../support/endless.ts";
import { smollm2 } from "../support/models.ts";
import { runNode } from "../support/node.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "endless", "smollm2", ENDLESS);
}, LIMIT_MS);

afterAll(() => server?.stop());

test.each([
  ["ollama", "ResponseError"],
  ["openai", "NotFoundError"],
])(
  "%s: whole, streamed, aborted, an error",
  async (name, error) => {
    const result = await runNode<{ whole: string; pieces: string[] }>(`node/${name}.mjs`, server.url);
    const failure = { name: error, status: 404, message: "model 'nope:latest' not found" };
    expect(result).toMatchObject({ bun: false, aborted: "AbortError", next: true, failure });
    expect(result.whole).not.toBe("");
    expect(result.pieces.length).toBeGreaterThan(2);
    expect(result.pieces.join("")).toBe(result.whole);
  },
  LIMIT_MS,
);
