import { expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli } from "../../support/fake-cli.ts";

const queued = [
  { position: 1, model: "smollm2:latest", waits_for: "slot", waiting_ms: 61_200, batch: false, yours: true },
  { position: 2, model: "all-minilm:latest", waits_for: "load", waiting_ms: 380, batch: true, yours: false },
];
const routes = { "GET /api/queue": () => ({ queued }) };

test("queue is a table of who waits for what", async () => {
  const cli = fakeCli({ routes });
  expect(await runCli(["queue"], cli)).toBe(0);
  expect(cli.out().replace(/ +$/gm, "")).toBe(
    [
      "POSITION    MODEL                WAITS FOR    WAITED    KIND           CALLER",
      "1           smollm2:latest       slot         1m1s      interactive    you",
      "2           all-minilm:latest    load         0s        batch          another",
      "",
    ].join("\n"),
  );
});

test("queue --json prints what the server said", async () => {
  const cli = fakeCli({ routes });
  expect(await runCli(["queue", "--json"], cli)).toBe(0);
  expect(JSON.parse(cli.out())).toEqual(queued);
});
