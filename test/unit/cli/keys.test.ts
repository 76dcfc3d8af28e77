import { expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli } from "../../support/fake-cli.ts";

const LISTED = {
  id: "abcd1234",
  name: "ada",
  source: "books",
  state: "valid",
  scopes: ["infer"],
  tokens_per_day: 9,
};

test("create sends the order, and prints the key alone where programs read it", async () => {
  const cli = fakeCli({
    routes: { "POST /api/keys": () => ({ ...LISTED, key: "llamero-x" }) },
  });
  const flags = ["--scope", "infer,manage", "--expires", "30d", "--concurrency", "2", "--tokens-per-day=9"];
  expect(await runCli(["keys", "create", "ada", ...flags], cli)).toBe(0);
  expect(cli.requests.at(-1)?.body).toEqual({
    name: "ada",
    scopes: ["infer", "manage"],
    expires_at: "2026-12-24T12:00:00.000Z",
    concurrency: 2,
    tokens_per_day: 9,
  });
  expect(cli.out()).toBe("llamero-x\n");
  expect(cli.err()).toContain("not shown again");
});

test("create --offline asks no server", async () => {
  const cli = fakeCli();
  expect(await runCli(["keys", "create", "ada", "--offline"], cli)).toBe(0);
  expect([cli.out(), cli.requests]).toEqual(["llamero-offline\n", []]);
});

test("list and revoke", async () => {
  const cli = fakeCli({
    routes: {
      "GET /api/keys": () => ({ required: true, keys: [LISTED] }),
      "DELETE /api/keys/ada": () => ({ ...LISTED, state: "revoked" }),
    },
  });
  expect(await runCli(["keys"], cli)).toBe(0);
  expect(cli.out()).toMatch(/ID .*\nabcd1234 +ada +valid +infer +9\/day +never +- +\n/);
  expect(await runCli(["keys", "revoke", "ada"], cli)).toBe(0);
  expect(cli.out()).toContain("revoked ada (abcd1234)");
});

test("who may not is told how", async () => {
  const cli = fakeCli({
    routes: {
      "GET /api/keys": () => Response.json({ error: "this server asks for an API key" }, { status: 401 }),
    },
  });
  expect(await runCli(["keys", "list"], cli)).toBe(1);
  expect(cli.err()).toContain("OLLAMA_API_KEY");
  expect(cli.err()).toContain("--offline");
});

test.each(["create", "revoke", "list x", "drop"])("keys %s is refused", async (words) => {
  expect(await runCli(["keys", ...words.split(" ")], fakeCli())).toBe(1);
});
