/** What quickstart says when it cannot start: one line, and where it can before anything is fetched. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { runProgram } from "../support/run-program.ts";
import { freePort } from "../support/server.ts";

const QUICKSTART = join(import.meta.dir, "../../scripts/quickstart.ts");

const quickstart = (host: string, more: Record<string, string> = {}) =>
  runProgram([QUICKSTART, "--once"], { OLLAMA_HOST: host, ...more });

test("the port is another program's", async () => {
  using program = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("", { status: 404 }),
  });
  const url = `http://127.0.0.1:${program.port}`;
  expect(await quickstart(`127.0.0.1:${program.port}`)).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: another program listens at ${url} already; stop it, or set OLLAMA_HOST to another port\n`,
  });
});

test("the port is an Ollama's", async () => {
  using ollama = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ version: "0" }) });
  const url = `http://127.0.0.1:${ollama.port}`;
  expect(await quickstart(`127.0.0.1:${ollama.port}`)).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: an Ollama-compatible server runs at ${url} already; stop it, or set OLLAMA_HOST to another port\n`,
  });
});

test("the configuration is refused", async () => {
  const { code, stderr } = await quickstart("foo:bar");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: OLLAMA_HOST="foo:bar" is not valid: [^\n]+\n$/);
});

test("the models have no directory", async () => {
  const { code, stderr } = await quickstart(`127.0.0.1:${freePort()}`, { OLLAMA_MODELS: import.meta.path });
  expect(code).toBe(1);
  // Behind what its install says, where there was something to install.
  expect(stderr).toMatch(
    /^error: the server ended with exit code 1: Error: OLLAMA_MODELS="[^"]+" cannot be used: E(NOTDIR|EXIST)[^\n]+\n$/m,
  );
});
