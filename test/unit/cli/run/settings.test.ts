import { describe, expect, test } from "bun:test";
import { parseArgv } from "../../../../src/cli/argv.ts";
import { findCommand } from "../../../../src/cli/commands.ts";
import { runSettings } from "../../../../src/cli/run/settings.ts";

const settingsOf = (...argv: string[]) => runSettings(parseArgv(argv, findCommand("run")?.flags ?? []));
const DEFAULTS = { hideThinking: false, wordWrap: true, verbose: false };

describe("runSettings", () => {
  test.each<[argv: string[], expected: object]>([
    [[], {}],
    [["--format", "json"], { format: "json" }],
    [["--format", '{"type":"object"}'], { format: { type: "object" } }],
    [["--keepalive", "1h30m"], { keepAlive: "1h30m" }],
    [["--keepalive", "300"], { keepAlive: 300 }],
    [["--keepalive=-1"], { keepAlive: -1 }],
    [["--think"], { think: true }],
    [["--think=false"], { think: false }],
    [["--think=high"], { think: "high" }],
    [["--hidethinking", "--nowordwrap", "--verbose"], { hideThinking: true, wordWrap: false, verbose: true }],
    [["--dimensions", "32", "--truncate=false"], { dimensions: 32, truncate: false }],
  ])("%j", (argv, expected) => {
    expect(settingsOf(...argv)).toEqual({ ...DEFAULTS, ...expected });
  });

  test.each([
    ["--think=hard", 'invalid value for --think: "hard" (must be true, false, high, medium, low, or max)'],
    ["--keepalive=5x", 'time: unknown unit "x" in duration "5x"'],
    [
      "--format=xml",
      "json: error calling MarshalJSON for type json.RawMessage: invalid character 'x' looking for beginning of value",
    ],
  ])("%s is refused", (arg, message) => {
    expect(() => settingsOf(arg)).toThrow(message);
  });
});
