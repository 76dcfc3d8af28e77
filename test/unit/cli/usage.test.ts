import { describe, expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli } from "../../support/fake-cli.ts";

const ENTRY = {
  start: "2026-11-23T00:00:00.000Z",
  model: "smollm2:latest",
  key: null,
  requests: 12,
  errors: 1,
  prompt_tokens: 400,
  cached_tokens: 300,
  output_tokens: 90,
  first_tokens: 11,
  first_token_ms: 1320,
  first_token_max_ms: 540,
  duration_ms: 18_200,
};

const REPLY = { from: "2026-10-25T00:00:00Z", to: "2026-11-24T12:00:00Z", bucket: "day", usage: [ENTRY] };

const cliFor = (query: string, usage: object = REPLY) =>
  fakeCli({ routes: { [`GET /api/usage?${query}`]: () => usage } });

describe("usage", () => {
  test("a line for each day, model and key", async () => {
    const cli = cliFor("bucket=day&group=model%2Ckey");
    expect(await runCli(["usage"], cli)).toBe(0);
    expect(cli.out()).toBe(
      [
        "TIME          MODEL             KEY    REQUESTS    ERRORS    PROMPT    CACHED    OUTPUT    FIRST TOKEN ",
        "2026-11-23    smollm2:latest    -      12          1         400       75%       90        120 ms         ",
        "",
      ].join("\n"),
    );
  });

  test("by the hour, since a time, as JSON", async () => {
    const cli = cliFor("bucket=hour&group=model%2Ckey&from=2026-11-24");
    expect(await runCli(["usage", "--hours", "--since", "2026-11-24", "--json"], cli)).toBe(0);
    expect(JSON.parse(cli.out())).toEqual(REPLY);
  });

  test("one key's, by its name", async () => {
    const entry = { ...ENTRY, key: "k3y", key_name: "ada" };
    const cli = cliFor("bucket=day&group=model%2Ckey&key=ada&model=smollm2", { ...REPLY, usage: [entry] });
    expect(await runCli(["usage", "--key", "ada", "--model", "smollm2"], cli)).toBe(0);
    expect(cli.out()).toContain("  ada    12 ");
  });

  test("nothing yet", async () => {
    const cli = cliFor("bucket=day&group=model%2Ckey", { ...REPLY, usage: [] });
    expect(await runCli(["usage"], cli)).toBe(0);
    expect(cli.out()).toBe("nothing was asked\n");
  });
});
