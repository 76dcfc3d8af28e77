import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { createUsageBooks, type UsageBooks } from "../../../src/store/usage.ts";
import { addModelWork, beginModelWork } from "../../../src/telemetry/model-work.ts";
import type { RequestRecord } from "../../../src/telemetry/request-record.ts";
import { FLUSH_MS, UsageRecorder } from "../../../src/telemetry/usage-recorder.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const DAY = 86_400_000;
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER, bucketMs: DAY, by: [] } as const;

function recorded(clock: FakeClock, more: Partial<RequestRecord> = {}): RequestRecord {
  const tokens = { model: "m", promptTokens: 10, cachedTokens: 4, generatedTokens: 6, firstText: 50e6 };
  return {
    id: "r1",
    method: "POST",
    path: "/api/chat",
    status: 200,
    end: "complete",
    address: "",
    startedAt: clock.now(),
    duration: 100e6,
    work: addModelWork(beginModelWork("chat", "m"), tokens),
    ...more,
  };
}

function setUp({ days = 90, refuse = () => false }: { days?: number; refuse?: () => boolean } = {}) {
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  const log: string[] = [];
  const books = createUsageBooks({ db: openDatabase(":memory:") });
  let writes = 0;
  const watched: UsageBooks = {
    ...books,
    add(rows) {
      if (refuse()) throw new AppError("no_space", "the disk is full");
      writes += 1;
      books.add(rows);
    },
  };
  const logger = createLogger("info", "text", (line) => log.push(line));
  const recorder = new UsageRecorder({ books: watched, clock, logger, days });
  return { clock, log, books, recorder, writes: () => writes };
}

describe("the recorder of usage", () => {
  test("writes once for many requests, and adds to what is there", () => {
    const { clock, recorder, books, writes } = setUp();
    for (let at = 0; at < 100; at += 1) recorder.record(recorded(clock));
    expect(writes()).toBe(0);
    clock.advance(FLUSH_MS);
    recorder.record(recorded(clock, { duration: 300e6, key: "k" }));
    recorder.record(recorded(clock, { status: 500 }));
    recorder.record(recorded(clock, { end: "cancelled" }));
    clock.advance(FLUSH_MS);
    expect(writes()).toBe(2);
    expect(books.read({ ...ALL, by: ["key"] })).toMatchObject([
      {
        group: { key: "" },
        requests: 102,
        errors: 1,
        promptTokens: 1020,
        cachedTokens: 408,
        firstTextMs: 5100,
      },
      { group: { key: "k" }, requests: 1, errors: 0, durationMs: 300, firstTextMaxMs: 50 },
    ]);
    expect(clock.pending).toEqual([]);
  });

  test("loses nothing when it ends", () => {
    const { clock, recorder, books } = setUp();
    recorder.record(recorded(clock));
    recorder[Symbol.dispose]();
    expect(books.read(ALL)).toMatchObject([{ requests: 1 }]);
  });

  test("keeps what a full disk refuses, says so once, and writes it later", () => {
    let full = true;
    const { clock, recorder, books, log } = setUp({ refuse: () => full });
    recorder.record(recorded(clock));
    clock.advance(3 * FLUSH_MS);
    recorder.record(recorded(clock));
    expect(recorder.read(ALL)).toEqual([]);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain("the disk is full");
    full = false;
    clock.advance(FLUSH_MS);
    expect(books.read(ALL)).toMatchObject([{ requests: 2 }]);
  });

  test("forgets what is older than the setting, what could not be written too", () => {
    let full = false;
    const { clock, recorder } = setUp({ days: 7, refuse: () => full });
    recorder.record(recorded(clock));
    clock.advance(5 * DAY);
    full = true;
    recorder.record(recorded(clock));
    clock.advance(3 * DAY);
    full = false;
    recorder.record(recorded(clock));
    expect(recorder.read(ALL).map(({ requests }) => requests)).toEqual([1, 1]);
    full = true;
    clock.advance(10 * DAY);
    full = false;
    expect(recorder.read(ALL)).toEqual([]);
  });

  test("0 days: nothing is kept", () => {
    const { clock, recorder } = setUp({ days: 0 });
    recorder.record(recorded(clock));
    expect(recorder.read(ALL)).toEqual([]);
    expect(clock.pending).toEqual([]);
  });
});
