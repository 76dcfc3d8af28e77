import { beforeEach, describe, expect, test } from "bun:test";
import { BodyRoom } from "../../../../src/api/wire/body-room.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const MIB = 1024 * 1024;

let clock: FakeClock;
let room: BodyRoom;
let collected = 0;

beforeEach(() => {
  clock = new FakeClock();
  collected = 0;
  room = new BodyRoom(clock, () => collected++);
});

const request = (signal?: AbortSignal): Request =>
  new Request("http://localhost/", signal === undefined ? {} : { signal });

const ignore = () => {};

/** What has become of a promise by now. */
const stateOf = (entering: Promise<void>): Promise<string> =>
  Promise.race([
    entering.then(
      () => "in",
      (error: Error) => error.message,
    ),
    Bun.sleep(0).then(() => "waits"),
  ]);

test("a body that finds no room waits until another one has left; a smaller one goes before it", async () => {
  const first = request();
  await room.enter(first, 60 * MIB, ignore);
  const second = room.enter(request(), 60 * MIB, ignore);
  expect(await stateOf(second)).toBe("waits");
  expect(await stateOf(room.enter(request(), 20 * MIB, ignore))).toBe("in");
  room.leave(first);
  expect(await stateOf(second)).toBe("in");
  expect(collected).toBe(1);
});

test("what was kept free for more than came is free again", async () => {
  const first = request();
  await room.enter(first, 64 * MIB, ignore);
  const second = room.enter(request(), 64 * MIB, ignore);
  room.complete(first, 1 * MIB);
  expect(await stateOf(second)).toBe("in");
});

test("a request that has no body, or has left already, leaves nothing behind", async () => {
  const only = request();
  await room.enter(only, 96 * MIB, ignore);
  room.leave(request());
  room.leave(only);
  room.leave(only);
  expect(await stateOf(room.enter(request(), 96 * MIB, ignore))).toBe("in");
  expect(await stateOf(room.enter(request(), 1, ignore))).toBe("waits");
});

describe("waiting ends", () => {
  beforeEach(async () => room.enter(request(), 96 * MIB, ignore));

  test("after a minute", async () => {
    const waiting = room.enter(request(), 1, ignore);
    clock.advance(59_999);
    expect(await stateOf(waiting)).toBe("waits");
    clock.advance(1);
    expect(await stateOf(waiting)).toBe("server busy, too many large requests at once");
  });

  test("when the client leaves", async () => {
    const leaving = new AbortController();
    const waiting = room.enter(request(leaving.signal), 1, ignore);
    leaving.abort();
    expect(await stateOf(waiting)).toBe("request canceled");
  });

  test("at once where too many wait", async () => {
    const waiting = Array.from({ length: 256 }, () => room.enter(request(), 1, ignore));
    expect(await stateOf(room.enter(request(), 1, ignore))).toContain("server busy");
    clock.advance(60_000);
    await Promise.allSettled(waiting);
  });
});

test("a body that comes in too slowly is dropped when others wait, and only then", async () => {
  const [fast, slow] = [request(), request()];
  const dropped: string[] = [];
  await room.enter(fast, 48 * MIB, () => dropped.push("fast"));
  await room.enter(slow, 48 * MIB, () => dropped.push("slow"));
  room.progress(slow, 1 * MIB);
  room.progress(fast, 40 * MIB);
  clock.advance(60_000);
  expect(dropped).toEqual([]);
  const waiting = room.enter(request(), 1, ignore);
  clock.advance(10_000);
  expect(dropped).toEqual(["slow"]);
  room.leave(slow);
  expect(await stateOf(waiting)).toBe("in");
});
