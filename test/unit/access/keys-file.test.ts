import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../../../src/access/key-text.ts";
import { parseKeysFile } from "../../../src/access/keys-file.ts";
import { WatchedKeysFile } from "../../../src/access/watched-keys-file.ts";
import { createLogger, silentLogger } from "../../../src/lib/logger.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

const KEY = "correct-horse-battery";

test("a key a line, with settings", () => {
  const text = `# who may call\n\nada ${KEY}\n  bob sha256:${"AB".repeat(32)} scopes=infer,manage expires=2027-01-31 concurrency=2 tokens_per_minute=3 tokens_per_day=4\n`;
  expect(parseKeysFile(text)).toEqual([
    { id: "file:ada", name: "ada", hash: hashOf(KEY), scopes: ["infer"], limits: {} },
    {
      id: "file:bob",
      name: "bob",
      hash: "ab".repeat(32),
      scopes: ["infer", "manage"],
      limits: { concurrency: 2, tokensPerMinute: 3, tokensPerDay: 4 },
      expiresAt: Date.UTC(2027, 0, 31),
    },
  ]);
});

describe("a line that is none", () => {
  test.each([
    ["ada", "line 1: expected NAME KEY"],
    ["ada short", "line 1: a key has at least 16 characters"],
    ["ada sha256:12", "line 1: a hash is sha256: and 64"],
    [`\nada ${KEY} scopes=root`, 'line 2: "root" is no scope'],
    [`ada ${KEY} expires=soon`, 'line 1: "soon" is no date'],
    [`ada ${KEY} concurrency=0`, "line 1: concurrency is a whole number"],
    [`ada ${KEY} admin`, 'line 1: "" is no setting'],
    [`ada ${KEY}\nada ${KEY}2`, "two keys are called ada"],
    [`ada ${KEY}\nbob ${KEY}`, "bob has the key of another name"],
  ])("%j: %s", (text, message) => {
    expect(() => parseKeysFile(text)).toThrow(message);
    expect(() => parseKeysFile(text)).not.toThrow(KEY);
  });
});

test("changes count at once, and one that cannot be read changes nothing", () => {
  using directory = tempDirectory();
  const path = join(directory.path, "keys");
  const log: string[] = [];
  const clock = new FakeClock(Date.now());
  const names = () => {
    clock.advance(2000);
    return file.keys.map(({ name }) => name);
  };
  writeFileSync(path, `ada ${KEY}`);
  const file = new WatchedKeysFile(
    path,
    clock,
    createLogger("info", "text", (line) => log.push(line)),
  );
  expect(names()).toEqual(["ada"]);
  writeFileSync(path, `ada ${KEY}\nbob ${KEY}-2`);
  expect(names()).toEqual(["ada", "bob"]);
  writeFileSync(path, "half-written");
  expect(names()).toEqual(["ada", "bob"]);
  expect(log.join("\n")).toContain("cannot be used");
  expect(log.join("\n")).not.toContain(KEY);
  expect(() => new WatchedKeysFile(path, clock, silentLogger)).toThrow("OLLAMA_API_KEYS_FILE=");
});
