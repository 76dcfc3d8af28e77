import { expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import type { Finding } from "../../../src/lib/finding.ts";
import { fakeCli } from "../../support/fake-cli.ts";

const OK: Finding = { check: "engine", verdict: "ok", says: "llama.cpp v9" };
const WARNING: Finding = { check: "memory", verdict: "warning", says: "little", advice: "get more" };
const BAD: Finding = { check: "port", verdict: "bad", says: "taken", advice: "take another" };

test("findings with what to do, and nothing failed", async () => {
  const cli = fakeCli({ findings: [OK, WARNING] });
  expect(await runCli(["doctor"], cli)).toBe(0);
  expect(cli.out()).toBe("ok    engine    llama.cpp v9\nwarn  memory    little\n                get more\n");
});

test("a bad one fails the command", async () => {
  const cli = fakeCli({ findings: [OK, BAD] });
  expect(await runCli(["doctor"], cli)).toBe(1);
  expect(cli.err()).toBe("Error: 1 of 2 checks failed\n");
});

test("JSON", async () => {
  const cli = fakeCli({ findings: [OK, BAD] });
  await runCli(["doctor", "--json"], cli);
  expect(JSON.parse(cli.out())).toEqual([OK, BAD]);
});
