/** The PyPI packages `ollama`, `openai` and `anthropic`, unchanged, against a real server that asks for API keys. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { tinyLlama } from "../support/models.ts";
import { runPython } from "../support/python.ts";
import { createModel, startServer } from "../support/server.ts";

const LIMIT_MS = 240_000;

test(
  "each sends its key as it always does, and knows what a refusal is",
  async () => {
    await using server = await startServer();
    await createModel(server, "tiny", await tinyLlama());
    const make = async (name: string, scopes: string[], key?: string): Promise<string> => {
      const reply = await fetch(`${server.url}/api/keys`, {
        method: "POST",
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        body: JSON.stringify({ name, scopes }),
      });
      return ((await reply.json()) as { key: string }).key;
    };
    const admin = await make("admin", ["admin"]);
    const user = await make("user", ["infer"], admin);
    const code = await Bun.file(join(import.meta.dir, "python-keys/keys.py")).text();
    const { stdout, stderr, code: exit } = await runPython(code, { args: [server.url, user] });
    if (exit !== 0) throw new Error(stderr);
    const refused = {
      ollama: ["ResponseError", 401],
      ollama_manage: ["ResponseError", 401],
      openai: ["AuthenticationError", 401],
      openai_stream: ["AuthenticationError", 401],
      openai_embed: ["AuthenticationError", 401],
      anthropic_x_api_key: ["AuthenticationError", 401],
      anthropic_bearer: ["AuthenticationError", 401],
    };
    expect(JSON.parse(stdout)).toEqual({
      good: {
        ollama: "answered",
        ollama_manage: ["ResponseError", 403],
        openai: "answered",
        openai_stream: "answered",
        openai_embed: "answered",
        anthropic_x_api_key: "answered",
        anthropic_bearer: "answered",
      },
      none: refused,
      wrong: refused,
    });
    // Each call that put the model to work is told of the key by its name.
    const usage = await fetch(`${server.url}/api/usage?group=key&key=user`, {
      headers: { "x-api-key": admin },
    });
    expect(await usage.json()).toMatchObject({ usage: [{ key_name: "user", requests: 6, errors: 0 }] });
  },
  LIMIT_MS,
);
