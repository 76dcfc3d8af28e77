import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AGENT_NAMES } from "../../../src/cli/launch/names.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import { type FakeCliOptions, fakeCli, ndjson, type Routes, refusal } from "../../support/fake-cli.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "llamero-launch-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const programs = Object.fromEntries(AGENT_NAMES.map((name) => [name, 0]));

/** A server with one model, `coder`. */
function server({
  capabilities = ["completion", "tools"],
  num_ctx = 65_536,
  trained = 131_072,
  loaded = 0,
} = {}): Routes {
  let created = false;
  const context = () => (created ? 65_536 : num_ctx);
  return {
    "POST /api/show": () => ({
      details: {},
      capabilities,
      parameters: context() === 0 ? "" : `num_ctx                        ${context()}\nstop "x"`,
      model_info: { "qwen2.context_length": trained },
    }),
    "GET /api/settings": () => ({ model: "coder:latest" }),
    "GET /api/ps": () => ({ models: loaded > 0 ? [{ name: "coder:latest", context_length: loaded }] : [] }),
    "GET /api/tags": () => ({
      models: [{ name: "coder:latest", capabilities }, { name: "embedder:latest" }],
    }),
    "POST /api/generate": () => {
      loaded = 4096;
      return ndjson({ model: "coder", done: true, done_reason: "load" });
    },
    "POST /api/create": () => {
      created = true;
      return ndjson({ status: "success" });
    },
  };
}

async function launched(line: string, options: FakeCliOptions = {}) {
  const cli = fakeCli({ routes: server(), home, programs, ...options });
  const code = await runCli(["launch", ...line.split(" ")], cli);
  return { cli, code, ran: cli.ran[0] };
}

function filesBelow(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe("what each agent is told", () => {
  test.each([...AGENT_NAMES])("%s: the server and the model, in its own way", async (name) => {
    const { code, ran, cli } = await launched(`${name} --model coder -- --print hi`);
    expect([code, cli.err()]).toEqual([0, ""]);
    expect(ran!.argv[0]).toBe(name);
    expect(ran!.argv.slice(-2)).toEqual(["--print", "hi"]);
    const files = filesBelow(join(home, ".llamero/launch")).map((path) => readFileSync(path, "utf8"));
    const told = JSON.stringify(ran) + files.join("\n");
    expect(told).toContain("http://127.0.0.1:11434");
    expect(told).toContain("coder:latest");
  });

  test("Claude Code asks no other server, and is patient", async () => {
    const { ran } = await launched("claude --model coder");
    expect(ran!.env).toMatchObject({
      ANTHROPIC_BASE_URL: "http://127.0.0.1:11434",
      ANTHROPIC_API_KEY: "",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "coder:latest",
      CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
      CLAUDE_CODE_AUTO_COMPACT_WINDOW: "65536",
      CLAUDE_STREAM_IDLE_TIMEOUT_MS: "3000000",
    });
    expect(ran!.argv).toEqual(["claude", "--model", "coder:latest"]);
  });

  test.each([...AGENT_NAMES])("%s: the user's key, and not where others can see it", async (name) => {
    const own = join(home, "keyed");
    const { ran, code } = await launched(`${name} --model coder`, {
      home: own,
      env: { OLLAMA_API_KEY: "llamero-secret" },
    });
    expect(code).toBe(0);
    const files = filesBelow(own);
    const told = [JSON.stringify(ran!.env), ...files.map((path) => readFileSync(path, "utf8"))];
    expect(told.join("\n")).toContain("llamero-secret");
    expect(ran!.argv.join(" ")).not.toContain("llamero-secret");
    for (const path of files) expect(statSync(path).mode & 0o077).toBe(0);
  });

  test.each([...AGENT_NAMES])("%s: --config does not show the key", async (name) => {
    const { cli } = await launched(`${name} --model coder --config`, {
      env: { OLLAMA_API_KEY: "llamero-secret" },
    });
    expect(cli.out()).not.toContain("llamero-secret");
    expect(cli.out()).toContain("OLLAMA_API_KEY");
  });

  test("the context that is set for the model on the server, before the model's own", async () => {
    const routes = { ...server(), "GET /api/settings": () => ({ model: "coder:latest", num_ctx: 32_768 }) };
    const { ran } = await launched("claude --model coder", { routes });
    expect(ran!.env).toMatchObject({ CLAUDE_CODE_AUTO_COMPACT_WINDOW: "32768" });
  });

  test("Codex is told of a key only where there is one, for without it would not start", async () => {
    const without = await launched("codex --model coder");
    expect(without.ran!.argv.join(" ")).not.toContain("env_key");
    const keyed = await launched("codex --model coder", { env: { OLLAMA_API_KEY: "k" } });
    expect(keyed.ran!.argv.join(" ")).toContain('env_key = "OLLAMA_API_KEY"');
  });

  test("--config only shows it", async () => {
    const { cli, code, ran } = await launched("codex --model coder --config", {
      home: join(home, "untouched"),
      programs: {},
    });
    expect([code, ran]).toEqual([0, undefined]);
    expect(cli.out()).toContain(`# ${join(home, "untouched/.llamero/launch/codex-models.json")}\n`);
    expect(cli.out()).toMatch(/^codex -c 'model_provider="llamero"' .* -m coder:latest$/m);
    expect(() => readdirSync(join(home, "untouched"))).toThrow("ENOENT");
    expect(cli.requests.map(({ route }) => route)).not.toContain("POST /api/generate");
  });
});

describe("which model", () => {
  test("is the only one that can call tools, where none is named", async () => {
    expect((await launched("pi")).ran!.argv).toContain("coder:latest");
  });

  test.each<[string, Routes, string]>([
    [
      "several",
      { "GET /api/tags": () => ({ models: ["a", "b"].map((name) => ({ name, capabilities: ["tools"] })) }) },
      "say which model with --model: a, b",
    ],
    ["none", { "GET /api/tags": () => ({ models: [{ name: "a" }] }) }, "no model here can call tools"],
  ])("has to be said where there are %s", async (_count, routes, message) => {
    const { cli, code } = await launched("pi", { routes: { ...server(), ...routes } });
    expect(code).toBe(1);
    expect(cli.err()).toContain(message);
  });

  test("one that is not here is refused, and one like it named", async () => {
    const routes = {
      ...server(),
      "POST /api/show": () => refusal(404, "Not Found", "model 'codr' not found"),
    };
    const { cli, code, ran } = await launched("pi --model codr", { routes });
    expect([code, ran]).toEqual([1, undefined]);
    expect(cli.err()).toContain("model 'codr' not found\n\nDid you mean this?\n\tcoder");
  });

  test("one without tools is refused", async () => {
    const { cli, code } = await launched("claude --model coder", {
      routes: server({ capabilities: ["completion"] }),
    });
    expect([code, cli.err()]).toEqual([
      1,
      "Error: coder:latest cannot call tools, and Claude Code can do nothing without\n",
    ]);
  });
});

describe("a context that is too small", () => {
  const small = () => server({ num_ctx: 0 });

  test("is found by loading the model, and a larger variant is offered", async () => {
    const { cli, code, ran } = await launched("claude --model coder", { routes: small(), answer: "y" });
    expect([code, ran?.argv]).toEqual([0, ["claude", "--model", "coder:latest-64k"]]);
    expect(cli.questions[0]).toContain("needs a context of 32768 tokens, and coder:latest gets 4096");
    expect(cli.requests.find(({ route }) => route === "POST /api/create")?.body).toMatchObject({
      model: "coder:latest-64k",
      from: "coder:latest",
      parameters: { num_ctx: 65_536 },
    });
  });

  test("stays as it is where the user does not want that", async () => {
    const { code, ran, cli } = await launched("claude --model coder", { routes: small(), answer: "n" });
    expect([code, ran]).toEqual([1, undefined]);
    expect(cli.requests.map(({ route }) => route)).not.toContain("POST /api/create");
  });

  test("is told where nobody can be asked", async () => {
    const { cli, code } = await launched("claude --model coder", { routes: small(), stdin: "" });
    expect(code).toBe(1);
    expect(cli.err()).toContain("llamero set coder:latest num_ctx=65536");
  });

  test("of a model that was trained with less", async () => {
    const routes = server({ num_ctx: 0, trained: 8192 });
    const { cli, code } = await launched("claude --model coder", { routes, answer: "y" });
    expect(code).toBe(1);
    expect(cli.err()).toContain("was trained with 8192: choose another model");
  });

  test("does not matter to an agent that asks for one itself", async () => {
    const { code, cli } = await launched("aider --model coder", { routes: server({ loaded: 4096 }) });
    expect([code, cli.questions]).toEqual([0, []]);
  });
});

test("the exit code is the agent's", async () => {
  expect((await launched("pi", { programs: { pi: 3 } })).code).toBe(3);
});

test("an agent that is not installed", async () => {
  const { code, cli } = await launched("pi", { programs: {} });
  expect(code).toBe(1);
  expect(cli.err()).toContain("there is no pi on the PATH (npm install -g @mariozechner/pi-coding-agent)");
});

test("an agent that there is not", async () => {
  const { code, cli } = await launched("claud");
  expect(code).toBe(1);
  expect(cli.err()).toContain('unknown agent "claud" (must be one of claude, codex,');
  expect(cli.err()).toContain("Did you mean this?\n\tclaude");
});
