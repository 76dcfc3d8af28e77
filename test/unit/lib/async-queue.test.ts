import { describe, expect, test } from "bun:test";
import { AsyncQueue } from "../../../src/lib/async-queue.ts";

async function drain<T>(queue: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of queue) values.push(value);
  return values;
}

describe("AsyncQueue", () => {
  test("hands over what came before and what comes while the consumer waits, in order", async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.push(2);
    const all = drain(queue);
    await Promise.resolve();
    queue.push(3);
    queue.push(4);
    queue.close();
    expect(await all).toEqual([1, 2, 3, 4]);
  });

  test("fail comes after what is queued; abort does not wait for it", async () => {
    const failing = new AsyncQueue<number>();
    failing.push(1);
    failing.fail(new Error("broken"));
    expect(await failing.next()).toEqual({ done: false, value: 1 });
    await expect(failing.next()).rejects.toThrow("broken");

    const aborting = new AsyncQueue<number>();
    aborting.push(1);
    aborting.abort(new Error("gone"));
    await expect(aborting.next()).rejects.toThrow("gone");
  });

  test("abort replaces an end that the consumer has not come to", async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.close();
    queue.abort(new Error("gone"));
    await expect(queue.next()).rejects.toThrow("gone");
  });

  test("abort after the consumer has had the end does nothing", async () => {
    const queue = new AsyncQueue<number>();
    queue.close();
    expect((await queue.next()).done).toBe(true);
    queue.abort(new Error("late"));
    expect((await queue.next()).done).toBe(true);
  });

  test.each<[string, (queue: AsyncQueue<number>) => void]>([
    ["fail", (queue) => queue.fail(new Error("broken"))],
    ["abort", (queue) => queue.abort(new Error("broken"))],
  ])("%s reaches a waiting consumer once; then the iteration is over", async (_, end) => {
    const queue = new AsyncQueue<number>();
    const next = queue.next();
    end(queue);
    await expect(next).rejects.toThrow("broken");
    queue.push(1);
    expect((await queue.next()).done).toBe(true);
  });

  test("leaving the loop tells onLeave once and drops the rest", async () => {
    let left = 0;
    const queue = new AsyncQueue<number>(() => left++);
    for (const value of [1, 2, 3]) queue.push(value);
    for await (const value of queue) if (value === 2) break;
    queue.push(4);
    expect(left).toBe(1);
    expect(await drain(queue)).toEqual([]);
    await queue.return();
    expect(left).toBe(1);
  });

  test("leaving at the end is no leaving", async () => {
    let left = 0;
    const queue = new AsyncQueue<number>(() => left++);
    queue.push(1);
    queue.close();
    await drain(queue);
    await queue.return();
    expect(left).toBe(0);
  });

  test("a second consumer is refused", () => {
    const queue = new AsyncQueue<number>();
    void queue.next();
    expect(() => queue.next()).toThrow("one consumer");
  });

  test("a long queue is emptied in linear time and keeps nothing", async () => {
    const queue = new AsyncQueue<number>();
    const count = 200_000;
    for (let i = 0; i < count; i++) queue.push(i);
    queue.close();
    let sum = 0;
    for await (const value of queue) sum += value;
    expect(sum).toBe((count * (count - 1)) / 2);
  });
});
