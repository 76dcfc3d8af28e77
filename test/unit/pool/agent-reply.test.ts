import { expect, test } from "bun:test";
import { type AgentState, agentReply } from "../../../src/pool/agent-reply.ts";

const state = (more: Partial<AgentState>): AgentState => ({
  phase: "ready",
  phaseMs: 60_000,
  slots: 4,
  busy: 0,
  waiting: 0,
  ...more,
});

test.each([
  ["starts", { phase: "starting" }, "down\n"],
  ["stops", { phase: "draining", busy: 3 }, "drain\n"],
  ["has just begun, and ends an earlier drain", { phaseMs: 0 }, "ready up maxconn:4 100%\n"],
  ["still has just begun", { phaseMs: 29_999 }, "ready up maxconn:4 100%\n"],
  [
    "has been there for a while, and leaves a drain by hand alone",
    { phaseMs: 30_000 },
    "up maxconn:4 100%\n",
  ],
  ["has free slots", { busy: 3 }, "up maxconn:4 100%\n"],
  ["has none, and nobody waits", { busy: 4 }, "up maxconn:4 100%\n"],
  ["waits for a load with slots free", { waiting: 2 }, "up maxconn:4 100%\n"],
  ["is behind a little", { busy: 4, waiting: 1 }, "up maxconn:4 75%\n"],
  ["is behind by as much as it does", { busy: 4, waiting: 4 }, "up maxconn:4 50%\n"],
  ["is far behind, and still gets its own", { busy: 4, waiting: 400 }, "up maxconn:4 25%\n"],
] as const)("a server that %s", (_, more, line) => {
  expect(agentReply(state(more))).toBe(line);
});

test.each([
  [8, 4],
  [3, 1],
  [1, 1],
])("of %d slots %d are for batches", (slots, most) => {
  expect(agentReply(state({ slots }), "batch")).toBe(`up maxconn:${most} 100%\n`);
});
