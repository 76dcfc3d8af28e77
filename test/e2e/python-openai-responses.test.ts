/** The Responses API of the PyPI package `openai`, unchanged, against a real server with a real model. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { recordPypiClient } from "../support/pypi-client.ts";
import { runPython } from "../support/python.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
}, LIMIT_MS);

afterAll(() => server?.stop());

interface Result {
  whole: { status: string; object: string; usage: { output_tokens: number } };
  text: string;
  events: string[];
  streamed: string;
  helper: string[];
  final: string;
  parsed: { city: string; population: number };
  call: { name: string; arguments: string };
  answer: string;
  stateless: string;
  forced: string[];
  previous: boolean;
  items: string[];
  found: boolean;
  told: string[];
  counted: boolean;
  failures: Record<string, { type: string; code: string | null; param: string | null }>;
  at_once: string[];
}

async function run(): Promise<Result> {
  const code = await Bun.file(join(import.meta.dir, "python-openai/responses.py")).text();
  const env = { OPENAI_BASE_URL: `${server.url}/v1` };
  const args = ["smollm2", "caller", QUESTION, RESULT];
  const { stdout, stderr, code: exit } = await runPython(code, { env, args });
  if (exit !== 0) throw new Error(`responses.py exited with ${exit}:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

test(
  "responses: whole, streamed, continued, called, parsed, kept and gone",
  async () => {
    const result = await run();
    const { text, events, failures } = result;
    expect(text.length).toBeGreaterThan(0);
    expect(result.whole).toMatchObject({ object: "response" });
    expect([result.streamed, result.final, ...result.at_once]).toEqual([text, text, text, text, text]);
    expect(events.slice(0, 4)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
    ]);
    expect(events.at(-1)).toBeOneOf(["response.completed", "response.incomplete"]);
    expect(result.helper).toContain("response.output_text.done");
    expect(result.parsed.city).toBeOneOf(["Rome", "Oslo"]);

    expect([result.call.name, JSON.parse(result.call.arguments)]).toEqual(["get_weather", { city: "Rome" }]);
    expect([result.answer, result.stateless]).toEqual([
      "In Rome it is rainy, 12 degrees.",
      "In Rome it is rainy, 12 degrees.",
    ]);
    expect(result.forced).toContain("function_call");

    expect(result.items).toEqual(["user"]);
    expect([result.previous, result.found, result.counted]).toEqual([true, true, true]);
    expect(result.told[0]).toBe("response.created");
    expect(failures).toEqual({
      deleted: { type: "NotFoundError", code: null, param: null },
      previous: {
        type: "BadRequestError",
        code: "previous_response_not_found",
        param: "previous_response_id",
      },
      missing: { type: "NotFoundError", code: null, param: null },
      hosted: { type: "BadRequestError", code: null, param: "tool_choice" },
      cancel: { type: "BadRequestError", code: null, param: null },
    });
    await recordPypiClient("openai", ["chat", "streaming", "tools", "structured output", "errors"]);
  },
  LIMIT_MS,
);
