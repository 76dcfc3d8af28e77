import { describe, expect, test } from "bun:test";
import { type Flag, parseArgv } from "../../../src/cli/argv.ts";

const FLAGS: Flag[] = [
  { name: "file", short: "f", kind: "text", summary: "" },
  { name: "verbose", short: "v", kind: "boolean", summary: "" },
  { name: "quiet", short: "q", kind: "boolean", summary: "" },
  { name: "think", kind: "text", implied: "true", summary: "" },
  { name: "dimensions", kind: "integer", summary: "" },
];

describe("parseArgv", () => {
  test.each([
    ["a b", ["a", "b"], {}],
    ["a --verbose b", ["a", "b"], { verbose: true }],
    ["--verbose=false a", ["a"], { verbose: false }],
    ["--file x a", ["a"], { file: "x" }],
    ["--file=x=y", [], { file: "x=y" }],
    ["--file=", [], { file: "" }],
    ["-f x", [], { file: "x" }],
    ["-fx", [], { file: "x" }],
    ["-f=x", [], { file: "x" }],
    ["-vqf x", [], { verbose: true, quiet: true, file: "x" }],
    ["-v=false", [], { verbose: false }],
    ["--think high", ["high"], { think: "true" }],
    ["--think=high", [], { think: "high" }],
    ["--dimensions -3", [], { dimensions: -3 }],
    ["-v -- -f x", ["-f", "x"], { verbose: true }],
    ["-", ["-"], {}],
    ["--file a --file b", [], { file: "b" }],
  ])("%s", (line, args, values) => {
    const parsed = parseArgv(line.split(" ").filter(Boolean), FLAGS);
    expect(parsed.args).toEqual(args);
    for (const { name } of FLAGS) {
      const value = parsed.text(name) ?? parsed.boolean(name) ?? parsed.integer(name);
      expect(value).toEqual(Object.entries(values).find(([key]) => key === name)?.[1]);
    }
  });

  test.each([
    ["--bogus", "unknown flag: --bogus"],
    ["--bogus=1", "unknown flag: --bogus"],
    ["-x", "unknown shorthand flag: 'x' in -x"],
    ["-vx", "unknown shorthand flag: 'x' in -vx"],
    ["--file", "flag needs an argument: --file"],
    ["-f", "flag needs an argument: 'f' in -f"],
    ["--=x", "bad flag syntax: --=x"],
    [
      "--verbose=maybe",
      'invalid argument "maybe" for "-v, --verbose" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      "--dimensions=many",
      'invalid argument "many" for "--dimensions" flag: strconv.ParseInt: parsing "many": invalid syntax',
    ],
  ])("%s is refused", (line, message) => {
    expect(() => parseArgv([line], FLAGS)).toThrow(new Error(message));
  });
});
