import { describe, expect, test } from "bun:test";
import { CONFIRM_MS } from "../../../src/engine/lease.ts";
import type { AppError } from "../../../src/lib/errors.ts";
import { taskFor } from "../../support/engine-fixtures.ts";
import { errorOf, stateOf } from "../../support/promise-state.ts";
import { collect, leased } from "../../support/scheduler-in-memory.ts";

const NEVER = new AbortController().signal;

describe("generate", () => {
  test("sends the task and ends with one done that carries the counts", async () => {
    const { lease, runner } = await leased();
    const events = collect(lease.generate(taskFor([7, 8], { grammar: "root ::= [a]", logprobs: 2 }), NEVER));
    const { id, ...sent } = runner.last("generate");
    expect(sent).toEqual({ type: "generate", ...taskFor([7, 8], { grammar: "root ::= [a]", logprobs: 2 }) });
    const logprobs = [{ token: "b", logprob: -1, bytes: [98] }];
    runner.say({ type: "text", items: [{ id, text: "a" }] });
    runner.say({ type: "text", items: [{ id, text: "b", logprobs }] });
    runner.done(id, [5, 6]);
    expect(await events).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b", logprobs },
      {
        type: "done",
        reason: "stop",
        result: {
          promptTokens: 3,
          cachedTokens: 1,
          generatedTokens: 2,
          promptDuration: 10,
          generateDuration: 20,
          tokens: [5, 6],
        },
      },
    ]);
  });

  test("one message feeds several answers, each its own", async () => {
    const { lease, runner, acquire } = await leased(2);
    const other = await acquire();
    const answers = [lease, other].map((each) => collect(each.generate(taskFor(), NEVER)));
    const [first, second] = runner.sent.flatMap((message) =>
      message.type === "generate" ? [message.id] : [],
    );
    runner.say({
      type: "text",
      items: [
        { id: second!, text: "two" },
        { id: first!, text: "one" },
      ],
    });
    runner.say({ type: "text", items: [{ id: 999, text: "nobody's" }] });
    for (const id of [first!, second!]) runner.done(id);
    const texts = (await Promise.all(answers)).map(([event]) => event);
    expect(texts).toEqual([
      { type: "text", text: "one" },
      { type: "text", text: "two" },
    ]);
  });

  test("an error of the runner's is thrown, after what had come", async () => {
    const { lease, runner } = await leased();
    const events = lease.generate(taskFor(), NEVER)[Symbol.asyncIterator]();
    const { id } = runner.last("generate");
    runner.say({ type: "text", items: [{ id, text: "a" }] });
    runner.say({ type: "error", id, kind: "bad_request", message: "failed to parse grammar" });
    expect((await events.next()).value).toEqual({ type: "text", text: "a" });
    expect(await errorOf(events.next())).toMatchObject({ status: 400, message: "failed to parse grammar" });
  });

  test("an abort throws at once, tells the runner once, and drops what comes later", async () => {
    const { lease, runner } = await leased();
    const client = new AbortController();
    const events = lease.generate(taskFor(), client.signal)[Symbol.asyncIterator]();
    const { id } = runner.last("generate");
    const next = events.next();
    client.abort();
    expect(await errorOf(next)).toMatchObject({ kind: "cancelled" });
    runner.say({ type: "text", items: [{ id, text: "late" }] });
    expect((await events.next()).done).toBe(true);
    expect(runner.sent.filter(({ type }) => type === "cancel")).toEqual([{ type: "cancel", id }]);
  });

  test("an abort before it starts sends nothing", async () => {
    const { lease, runner } = await leased();
    expect(await errorOf(collect(lease.generate(taskFor(), AbortSignal.abort())))).toMatchObject({
      kind: "cancelled",
    });
    expect(runner.count("generate")).toBe(0);
  });

  test("an abort after the end sends nothing", async () => {
    const { lease, runner } = await leased();
    const client = new AbortController();
    const events = collect(lease.generate(taskFor(), client.signal));
    runner.done(runner.last("generate").id);
    await events;
    client.abort();
    expect(runner.count("cancel")).toBe(0);
  });

  test("leaving the loop cancels, once", async () => {
    const { lease, runner } = await leased();
    const client = new AbortController();
    const events = lease.generate(taskFor(), client.signal);
    const { id } = runner.last("generate");
    runner.say({ type: "text", items: [{ id, text: "a" }] });
    for await (const _ of events) break;
    client.abort();
    expect(runner.sent.filter(({ type }) => type === "cancel")).toEqual([{ type: "cancel", id }]);
  });

  test("a second one on the same lease waits until the runner has let go of the first", async () => {
    const { lease, runner } = await leased();
    const first = lease.generate(taskFor([1]), NEVER);
    const { id } = runner.last("generate");
    runner.say({ type: "text", items: [{ id, text: "a" }] });
    for await (const _ of first) break;
    const second = collect(lease.generate(taskFor([2]), NEVER));
    expect(await stateOf(second)).toBe("pending");
    expect(runner.count("generate")).toBe(1);
    runner.say({ type: "error", id, kind: "cancelled", message: "request canceled" });
    await stateOf(second);
    expect(runner.last("generate").prompt).toEqual([[2]]);
    runner.done(runner.last("generate").id);
    expect(await second).toHaveLength(1);
  });

  test("an answer of the wrong kind is an error", async () => {
    const { lease, runner } = await leased();
    const events = collect(lease.generate(taskFor(), NEVER));
    runner.say({ type: "tokens", id: runner.last("generate").id, tokens: [] });
    expect((await errorOf(events)).message).toContain('the model runner answered with "tokens"');
  });
});

describe("giving the slot back", () => {
  test("the next request gets it when the runner confirms, not before", async () => {
    const { lease, runner, acquire } = await leased();
    const client = new AbortController();
    const events = collect(lease.generate(taskFor(), client.signal)).catch((error: AppError) => error.kind);
    const next = acquire();
    client.abort();
    expect(await events).toBe("cancelled");
    const released = lease[Symbol.asyncDispose]();
    expect(await stateOf(next)).toBe("pending");
    runner.say({
      type: "error",
      id: runner.last("generate").id,
      kind: "cancelled",
      message: "request canceled",
    });
    await released;
    expect(await stateOf(next)).not.toBe("pending");
  });

  test("a lease that ends while its answer runs cancels it", async () => {
    const { lease, runner } = await leased();
    const events = collect(lease.generate(taskFor(), NEVER));
    const released = lease[Symbol.asyncDispose]();
    expect(runner.count("cancel")).toBe(1);
    runner.done(runner.last("generate").id);
    await released;
    expect(await events).toHaveLength(1);
  });

  test("a runner that does not confirm is killed, and whoever waits gets another one", async () => {
    const { lease, runner, runners, acquire, clock } = await leased(2);
    const neighbour = await acquire();
    const neighbours = collect(neighbour.generate(taskFor(), NEVER)).catch(
      (error: AppError) => error.message,
    );
    void lease.generate(taskFor(), NEVER);
    const released = lease[Symbol.asyncDispose]();
    const next = acquire();
    // It computes, so it is not taken for one that hangs.
    runner.busyMs = () => undefined;
    clock.advance(CONFIRM_MS - 1);
    expect(runner.killed).toBe(false);
    clock.advance(1);
    await released;
    expect(runner.killed).toBe(true);
    expect(await neighbours).toBe("the model runner did not respond and was stopped");
    runners.last.load();
    await next;
    expect(runners.all).toHaveLength(2);
  });

  test("twice is once", async () => {
    const { lease, acquire, runner, engine } = await leased();
    await Promise.all([lease[Symbol.asyncDispose](), lease[Symbol.asyncDispose]()]);
    await acquire();
    expect(engine.resident()).toMatchObject([{ active: 1 }]);
    expect(runner.killed).toBe(false);
  });

  test("afterwards it can do nothing", async () => {
    const { lease, runner } = await leased();
    await lease[Symbol.asyncDispose]();
    const attempts = [
      lease.tokenize("a", { addSpecial: true, parseSpecial: true }),
      lease.detokenize([1]),
      lease.pieces([1]),
      lease.embed([[1]], NEVER),
      collect(lease.generate(taskFor(), NEVER)),
    ];
    for (const attempt of attempts) expect((await errorOf(attempt)).message).toContain("given back");
    expect(runner.sent.map(({ type }) => type)).toEqual(["load"]);
  });
});

describe("calls", () => {
  test("tokenize and detokenize need no slot of their own", async () => {
    const { lease, runner } = await leased();
    void lease.generate(taskFor(), NEVER);
    const tokens = lease.tokenize("hi", { addSpecial: true, parseSpecial: false });
    expect(runner.last("tokenize")).toMatchObject({ text: "hi", addSpecial: true, parseSpecial: false });
    runner.say({ type: "tokens", id: runner.last("tokenize").id, tokens: [4, 5] });
    expect(await tokens).toEqual([4, 5]);
    const text = lease.detokenize([4]);
    runner.say({ type: "detokenized", id: runner.last("detokenize").id, text: "" });
    expect(await text).toBe("");
  });

  test("pieces come packed and go out one by one", async () => {
    const { lease, runner } = await leased();
    const pieces = lease.pieces([7, 8, 9]);
    expect(runner.last("pieces")).toMatchObject({ tokens: [7, 8, 9] });
    const [bytes, lengths] = [Uint8Array.of(1, 2, 3), Uint32Array.of(2, 0, 1)];
    runner.say({ type: "pieces", id: runner.last("pieces").id, bytes, lengths });
    expect(await pieces).toEqual([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)]);
  });

  test("embed returns the vectors; an abort lets go at once and cancels", async () => {
    const { lease, runner } = await leased();
    const client = new AbortController();
    const first = lease.embed([[1], [2]], client.signal);
    await stateOf(first);
    const vectors = [Float32Array.of(1), Float32Array.of(2)];
    runner.say({ type: "embeddings", id: runner.last("embed").id, vectors, lengths: [1] });
    expect(await first).toEqual(vectors);
    const second = lease.embed([[3]], client.signal);
    await stateOf(second);
    client.abort();
    expect(await errorOf(second)).toMatchObject({ kind: "cancelled" });
    expect(runner.last("cancel").id).toBe(runner.last("embed").id);
  });
});

test("short texts go to the runner in one message; what comes back are vectors, or tokens where they do not fit", async () => {
  const { lease, runner } = await leased();
  const first = lease.embedTexts(["a", "b"], 8, NEVER);
  await stateOf(first);
  const { id } = runner.last("embed_texts");
  expect(runner.last("embed_texts")).toMatchObject({ texts: ["a", "b"], most: 8 });
  const vectors = [Float32Array.of(1), Float32Array.of(2)];
  runner.say({ type: "embeddings", id, vectors, lengths: [3, 4] });
  expect(await first).toEqual({ vectors, lengths: [3, 4] });
  const second = lease.embedTexts(["a b c"], 2, NEVER);
  await stateOf(second);
  runner.say({ type: "text_tokens", id: runner.last("embed_texts").id, tokens: [[1, 2, 3]] });
  expect(await second).toEqual({ tokens: [[1, 2, 3]] });
});

test("work for one slot goes to the runner one after the other", async () => {
  const { lease, runner } = await leased();
  const all = [1, 2, 3].map((token) => lease.embed([[token]], NEVER));
  for (const token of [1, 2, 3]) {
    await stateOf(all[token - 1]!);
    expect(runner.count("embed")).toBe(token);
    const { id, inputs } = runner.last("embed");
    expect(inputs).toEqual([[token]]);
    runner.say({ type: "embeddings", id, vectors: [Float32Array.of(token)], lengths: [1] });
  }
  expect((await Promise.all(all)).map(([vector]) => vector?.[0])).toEqual([1, 2, 3]);
});
