import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { KeptResponse } from "../../../src/intent/response-books.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { createResponses, RESPONSE_LIMITS, type ResponseLimits } from "../../../src/store/responses.ts";
import { openStore } from "../../../src/store/store.ts";
import { manualClock, tempDirectory } from "../../support/store-fixture.ts";

const item = (id: string, text = id) => ({ id, type: "message", text });
const response = (id: string, previousId?: string): KeptResponse => ({
  id,
  ...(previousId !== undefined && { previousId }),
  body: { id, of: "me" },
  input: [item(`${id}.in`)],
  output: [item(`${id}.out`)],
});

function books(limits: Partial<ResponseLimits> = {}) {
  const clock = manualClock(1_000_000);
  const db = openDatabase(":memory:");
  const rows = () => db.$client.query<{ n: number }, []>("select count(*) n from responses").get()!.n;
  const items = () => db.$client.query<{ n: number }, []>("select count(*) n from response_items").get()!.n;
  const responses = createResponses({ db, clock }, { ...RESPONSE_LIMITS, ...limits });
  return { db, clock, responses, rows, items };
}

/** Bytes of a response as it is counted. */
const SIZE = [response("a").body, ...response("a").input, ...response("a").output]
  .map((part) => JSON.stringify(part).length)
  .reduce((sum, length) => sum + length);

describe("a response", () => {
  test("is found as it was kept, and gone with its items once it is removed", () => {
    const { responses, items } = books();
    responses.keep(response("a"));
    responses.keep(response("b", "a"));
    expect(responses.find("a")).toEqual(response("a"));
    expect(responses.find("b")).toEqual(response("b", "a"));
    expect(responses.find("c")).toBeUndefined();
    expect([responses.remove("a"), responses.remove("a")]).toEqual([true, false]);
    expect(responses.find("a")).toBeUndefined();
    expect(items()).toBe(2);
  });

  test("that cannot be kept whole is not kept at all", () => {
    const { responses, rows, db } = books();
    db.$client.run(
      "create trigger stop before insert on response_items begin select raise(abort, 'no'); end",
    );
    expect(() => responses.keep(response("a"))).toThrow();
    expect(rows()).toBe(0);
  });
});

describe("a conversation", () => {
  test("has the items of all its responses, the first one's first", () => {
    const { responses } = books();
    responses.keep(response("a"));
    responses.keep(response("b", "a"));
    responses.keep(response("c", "b"));
    responses.keep(response("fork", "a"));
    const ids = (id: string) => {
      const found = responses.conversation(id);
      return found.type === "whole" ? found.items.map((one) => one.id) : found;
    };
    expect(ids("c")).toEqual(["a.in", "a.out", "b.in", "b.out", "c.in", "c.out"]);
    expect(ids("fork")).toEqual(["a.in", "a.out", "fork.in", "fork.out"]);
    expect(ids("nope")).toEqual({ type: "broken", missing: "nope" });
  });

  test("is broken where a response in its middle has been removed", () => {
    const { responses } = books();
    for (const [id, previous] of [["a"], ["b", "a"], ["c", "b"]]) responses.keep(response(id!, previous));
    responses.remove("b");
    expect(responses.conversation("c")).toEqual({ type: "broken", missing: "b" });
    expect(responses.conversation("a").type).toBe("whole");
    expect(responses.find("c")).toBeDefined();
  });

  test("that is too long is not continued, and a circle is too long", () => {
    const { responses } = books({ conversationBytes: 2 * SIZE });
    responses.keep(response("a"));
    responses.keep(response("b", "a"));
    expect(responses.conversation("b").type).toBe("whole");
    responses.keep(response("c", "b"));
    expect(responses.conversation("c")).toEqual({ type: "too_long" });
    responses.keep(response("d", "d"));
    expect(responses.conversation("d")).toEqual({ type: "too_long" });
  });
});

describe("an item", () => {
  test("is found by its id while one of its responses is there", () => {
    const { responses } = books();
    responses.keep(response("a"));
    responses.keep({ ...response("b"), input: [item("a.out")] });
    expect(responses.item("a.out")).toEqual(item("a.out"));
    responses.remove("a");
    expect(responses.item("a.out")).toEqual(item("a.out"));
    expect(responses.item("a.in")).toBeUndefined();
    responses.remove("b");
    expect(responses.item("a.out")).toBeUndefined();
  });
});

describe("time", () => {
  test("what is too old is not found, and removed when the next one is kept", () => {
    const { responses, clock, rows } = books({ ttlMs: 100 });
    responses.keep(response("a"));
    clock.advance(99);
    expect(responses.find("a")).toBeDefined();
    clock.advance(1);
    expect(responses.find("a")).toBeUndefined();
    expect(responses.item("a.in")).toBeUndefined();
    expect(responses.conversation("a")).toEqual({ type: "broken", missing: "a" });
    expect([responses.remove("a"), rows()]).toEqual([false, 1]);
    responses.keep(response("b"));
    expect(rows()).toBe(1);
  });

  test("a conversation lives as long as its last response", () => {
    const { responses, clock } = books({ ttlMs: 100 });
    responses.keep(response("a"));
    responses.keep(response("other"));
    clock.advance(90);
    responses.keep(response("b", "a"));
    clock.advance(90);
    expect(responses.conversation("b").type).toBe("whole");
    expect(responses.find("other")).toBeUndefined();
  });
});

describe("size", () => {
  test("the least recently used go, a conversation as a whole", () => {
    const { responses, clock, rows } = books({ maxBytes: 16 * SIZE });
    const keep = (id: string, previous?: string) => {
      responses.keep(response(id, previous));
      clock.advance(1);
    };
    keep("0");
    keep("1");
    for (const at of "23456789abcdef") keep(at);
    expect(rows()).toBe(16);
    keep("x", "0");
    // One too many, and one for room: `0` has just been continued, so that `1` and `2` are the oldest.
    expect(["0", "1", "2", "3", "x"].filter((id) => responses.find(id) !== undefined)).toEqual([
      "0",
      "3",
      "x",
    ]);
    expect(responses.conversation("x").type).toBe("whole");
  });
});

test("what a store has kept is there when it is opened again, unless it is too old by then", () => {
  using directory = tempDirectory();
  const clock = manualClock();
  const open = () => openStore({ directory: directory.path, clock });
  {
    using store = open();
    store.responses.keep(response("a"));
    store.responses.keep(response("b", "a"));
  }
  {
    using store = open();
    expect(store.responses.find("b")).toEqual(response("b", "a"));
    expect(store.responses.conversation("b").type).toBe("whole");
  }
  clock.advance(RESPONSE_LIMITS.ttlMs);
  {
    using _ = open();
    const db = openDatabase(join(directory.path, "llamero.db"));
    expect(db.$client.query("select count(*) n from responses").get()).toEqual({ n: 0 });
    db.$client.close();
  }
});
