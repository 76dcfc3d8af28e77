import { describe, expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { visible } from "../../../src/cli/visible.ts";
import { fakeCli, ndjson, refusal } from "../../support/fake-cli.ts";

const ATTACK = "before\x1b]0;pwned\x07\x1b[2J\x9b2J\x7f\r over\u202e";
const SHOWN = "before␛]0;pwned␇␛[2J<U+009B>2J␡␍ over<U+202E>";

test.each([
  [ATTACK, SHOWN],
  ["line\nnext\ttab\r\nlast", "line\nnext\ttab\nlast"],
  ["naïve 😀 שלום\u200f 日本", "naïve 😀 שלום\u200f 日本"],
])("visible(%j)", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

const REPORT = {
  license: ATTACK,
  system: ATTACK,
  modelfile: ATTACK,
  template: ATTACK,
  parameters: `stop ${ATTACK}`,
  details: { family: "llama", parameter_size: "1B", quantization_level: "Q4" },
  model_info: { "general.architecture": "llama", "llama.evil": ATTACK },
  capabilities: ["completion"],
};

const routes = {
  "POST /api/show": () => REPORT,
  "GET /api/tags": () => ({
    models: [{ name: ATTACK, digest: "x", size: 1, modified_at: "2026-11-24T11:00:00Z" }],
  }),
  "POST /api/generate": () =>
    ndjson({ response: "a\x1b" }, { response: "]0;pwned\x07" }, { response: "", done: true }),
  "POST /api/pull": () => ndjson({ status: ATTACK }, { status: "success" }),
  "DELETE /api/delete": () => refusal(404, "Not Found", ATTACK),
};

async function run(argv: string[], terminal: boolean): Promise<string> {
  const cli = fakeCli({ routes, terminal, stdin: "" });
  await runCli(argv, cli);
  return cli.out() + cli.err();
}

/** Escape sequences that a model has written, or the rest of them. */
const STEERING = /\x1b\]0;pwned|\x1b\[2J|\x07|\x9b/;

describe("on a terminal nothing that others wrote is obeyed", () => {
  test.each([
    [["show", "m"]],
    [["show", "m", "--verbose"]],
    [["show", "m", "--license"]],
    [["show", "m", "--modelfile"]],
    [["show", "m", "--system"]],
    [["show", "m", "--template"]],
    [["ls"]],
    [["run", "m", "hi"]],
    [["pull", "m"]],
    [["rm", "m"]],
  ])("%j", async (argv) => {
    expect(await run(argv, true)).not.toMatch(STEERING);
  });

  test("it is seen instead", async () => {
    expect(await run(["show", "m", "--license"], true)).toBe(`${SHOWN}\n`);
    expect(await run(["run", "m", "hi"], true)).toContain("a␛]0;pwned␇");
  });
});

test("a pipe gets every byte as it is", async () => {
  expect(await run(["show", "m", "--modelfile"], false)).toBe(`${ATTACK}\n`);
  expect(await run(["run", "m", "hi"], false)).toContain("a\x1b]0;pwned\x07");
});
