import { describe, expect, test } from "bun:test";
import { collectParameters, parseParameter } from "../../../src/modelfile/parameters.ts";

describe("parseParameter", () => {
  test.each([
    ["num_ctx", "4096", 4096],
    ["num_ctx", "+16", 16],
    ["num_ctx", "1.048576e+06", 1_048_576],
    ["num_predict", "-1", -1],
    ["temperature", "0.7", 0.7],
    ["temperature", ".5", 0.5],
    ["top_p", "1", 1],
    ["use_mmap", "T", true],
    ["use_mmap", "False", false],
    ["stop", "12", "12"],
  ])("%s %s", (key, text, expected) => {
    expect(parseParameter(key, text)).toBe(expected);
  });

  test.each([
    ["num_ctx", "many", "invalid int value [many]"],
    ["num_ctx", "1.5", "invalid int value [1.5]"],
    ["num_ctx", "", "invalid int value []"],
    ["num_ctx", "0x10", "invalid int value [0x10]"],
    ["seed", "9007199254740993", "invalid int value [9007199254740993]"],
    ["temperature", "hot", "invalid float value [hot]"],
    ["temperature", "inf", "invalid float value [inf]"],
    ["temperature", "1e39", "invalid float value [1e39]"],
    ["use_mmap", "yes", "invalid bool value [yes]"],
    ["Temperature", "1", "unknown parameter 'Temperature'"],
    ["", "1", "unknown parameter ''"],
  ])("%s %s is refused", (key, text, message) => {
    expect(() => parseParameter(key, text)).toThrow(new Error(message));
  });
});

test("stop accumulates, the last of the others wins, deprecated ones are skipped aloud", () => {
  const warned: string[] = [];
  const parameters = collectParameters(
    [
      { key: "stop", value: "a" },
      { key: "temperature", value: "1" },
      { key: "mirostat", value: "x" },
      { key: "stop", value: "b" },
      { key: "temperature", value: "0.3" },
    ],
    (key) => warned.push(key),
  );
  expect(parameters).toEqual({ temperature: 0.3, stop: ["a", "b"] });
  expect(warned).toEqual(["mirostat"]);
});
