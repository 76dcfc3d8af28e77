import { expect, test } from "bun:test";
import type { ResidentModel } from "../../../src/engine/port.ts";
import { type BalancerAgent, startAgent } from "../../../src/pool/agent.ts";
import { drainServer } from "../../../src/pool/drain.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

const setUp = () => {
  const [clock, engine] = [new FakeClock(), new FakeEngine()];
  const agent = startAgent({ address: { hostname: "127.0.0.1", port: 0 }, engine, leastSlots: 2, clock });
  return { clock, engine, agent };
};

/** What a balancer is told that says for which class it asks. */
async function ask(agent: BalancerAgent, question = "interactive"): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = "";
  await Bun.connect({
    hostname: "127.0.0.1",
    port: agent.port!,
    socket: {
      open: (socket) => void socket.write(question),
      data: (_, data) => {
        text += data;
      },
      close: () => resolve(text),
    },
  });
  return promise;
}

const busy = (engine: FakeEngine, active: number): void => {
  engine.models = [{ state: "ready", active, info: { ...engine.info, parallel: 4 } } as ResidentModel];
};

test("a balancer hears of every phase, and of the slots of what is loaded", async () => {
  const { agent, engine, clock } = setUp();
  using _ = agent;
  expect(agent.sinceAsked()).toBe(Number.POSITIVE_INFINITY);
  expect(await ask(agent)).toBe("down\n");
  agent.enter("ready");
  expect(await ask(agent)).toBe("ready up maxconn:2 100%\n");
  clock.advance(60_000);
  busy(engine, 4);
  expect(await ask(agent)).toBe("up maxconn:4 100%\n");
  expect(await ask(agent, "batch\n")).toBe("up maxconn:2 100%\n");
  clock.advance(10);
  expect(agent.sinceAsked()).toBe(10);
});

test("requests that wait make a server seem busy, batches that wait do not", async () => {
  const { agent, engine, clock } = setUp();
  using _ = agent;
  agent.enter("ready");
  clock.advance(60_000);
  busy(engine, 4);
  const waits = (batch: boolean) => ({
    model: "m",
    caller: "x",
    batch,
    waitingMs: 1,
    waitsFor: "slot" as const,
  });
  engine.waiting = [waits(true), waits(true)];
  expect(await ask(agent)).toBe("up maxconn:4 100%\n");
  engine.waiting = [waits(true), waits(false)];
  expect(await ask(agent)).toBe("up maxconn:4 75%\n");
});

test("a balancer that asks nothing is told what is for interactive requests", async () => {
  const { agent, clock } = setUp();
  using _ = agent;
  agent.enter("ready");
  const told = ask(agent, "");
  while (clock.pending.length === 0) await Bun.sleep(1);
  clock.advance(100);
  expect(await told).toBe("ready up maxconn:2 100%\n");
});

test("a drain lasts until what is under way has ended, and balancers have heard of it", async () => {
  const { agent, engine, clock } = setUp();
  using _ = agent;
  agent.enter("ready");
  await ask(agent);
  busy(engine, 1);
  let [ended, stillCalls] = [false, 0];
  const draining = drainServer({ agent, engine, clock, still: () => stillCalls++ }).then(() => {
    ended = true;
  });
  expect(await ask(agent)).toBe("drain\n");
  clock.advance(2500);
  await Bun.sleep(0);
  clock.advance(100);
  await Bun.sleep(0);
  expect([ended, stillCalls > 0]).toEqual([false, true]);
  busy(engine, 0);
  clock.advance(100);
  await draining;
  expect(ended).toBe(true);
});

test("a server that no balancer asks does not drain", async () => {
  const { agent, engine, clock } = setUp();
  using _ = agent;
  agent.enter("ready");
  busy(engine, 1);
  await drainServer({ agent, engine, clock });
  await ask(agent);
  clock.advance(5001);
  await drainServer({ agent, engine, clock });
});

test("without an address nothing listens; one that is taken is named", () => {
  const { agent, engine, clock } = setUp();
  using _ = agent;
  using none = startAgent({ address: undefined, engine, leastSlots: 1, clock });
  expect(none.port).toBeUndefined();
  const address = { hostname: "127.0.0.1", port: agent.port! };
  expect(() => startAgent({ address, engine, leastSlots: 1, clock })).toThrow(
    `OLLAMA_AGENT_CHECK: listen tcp 127.0.0.1:${agent.port}: EADDRINUSE`,
  );
});
