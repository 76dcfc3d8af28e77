import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { openStore, type Store } from "../../../src/store/store.ts";
import { thisWriter, writerText } from "../../../src/store/temp-name.ts";
import { digestOf, manualClock, tempDirectory } from "../../support/store-fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const KEY = { registry: "https://r.example", repository: "me/m", digest: digestOf("x") };
const STATE = { url: "https://r.example/1", sent: 5, partBytes: 10, hasEtag: true };

let directory: ReturnType<typeof tempDirectory>;
let store: Store;
const clock = manualClock();

beforeEach(() => {
  directory = tempDirectory();
  store = openStore({ directory: directory.path, clock });
});

afterEach(() => {
  store[Symbol.dispose]();
  directory[Symbol.dispose]();
});

/** Says that another process is at the upload. */
function giveTo(writer: { pid: number; host?: string }): void {
  using db = new Database(join(directory.path, "llamero.db"));
  db.run("UPDATE uploads SET writer = ?", [writerText({ ...thisWriter, ...writer, life: "00000000" })]);
}

const left = () => {
  using record = store.uploads.open(KEY);
  return record.state;
};

test("what is saved is there the next time, until it is forgotten", () => {
  {
    using record = store.uploads.open(KEY);
    expect(record.state).toBeUndefined();
    record.save({ ...STATE, sent: 0 });
    record.save(STATE);
  }
  expect(left()).toMatchObject(STATE);
  {
    using other = store.uploads.open({ ...KEY, repository: "me/other" });
    expect(other.state).toBeUndefined();
  }
  {
    using record = store.uploads.open(KEY);
    record.forget();
  }
  expect(left()).toBeUndefined();
});

test("it survives the process", () => {
  const record = store.uploads.open(KEY);
  record.save(STATE);
  // The process ends without disposing of anything.
  giveTo({ pid: 2 ** 22 + 1 });
  store[Symbol.dispose]();
  store = openStore({ directory: directory.path, clock });
  expect(left()).toMatchObject(STATE);
});

test("two of one process do not go on with one session", () => {
  using first = store.uploads.open(KEY);
  first.save(STATE);
  {
    using second = store.uploads.open(KEY);
    expect(second.state).toBeUndefined();
    second.save({ ...STATE, sent: 9 });
    second.forget();
  }
  using third = store.uploads.open(KEY);
  expect(third.state).toBeUndefined();
  first[Symbol.dispose]();
  expect(left()).toMatchObject(STATE);
});

test("nor do two processes, while the other one lives or may live", () => {
  {
    using record = store.uploads.open(KEY);
    record.save(STATE);
  }
  for (const writer of [{ pid: process.ppid }, { pid: 1, host: "ffffffff" }]) {
    giveTo(writer);
    using record = store.uploads.open(KEY);
    expect(record.state).toBeUndefined();
    record.save({ ...STATE, sent: 9 });
    record.forget();
  }
  giveTo({ pid: 2 ** 22 + 1 });
  expect(left()).toMatchObject(STATE);
});

test("another process that begins the same meanwhile keeps its own", () => {
  using record = store.uploads.open(KEY);
  record.save(STATE);
  giveTo({ pid: process.ppid });
  record.save({ ...STATE, sent: 9 });
  giveTo({ pid: 2 ** 22 + 1 });
  record[Symbol.dispose]();
  expect(left()).toMatchObject(STATE);
});

test("a session of a week ago is forgotten", () => {
  {
    using record = store.uploads.open(KEY);
    record.save(STATE);
  }
  clock.advance(6.9 * DAY_MS);
  expect(left()).toMatchObject(STATE);
  clock.advance(0.2 * DAY_MS);
  expect(left()).toBeUndefined();
});
