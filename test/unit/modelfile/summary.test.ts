import { expect, test } from "bun:test";
import { decodeModelfile, parseModelfile } from "../../../src/modelfile/parse.ts";
import { summarizeModelfile } from "../../../src/modelfile/summary.ts";

const summary = (text: string, warn: (line: string) => void = () => {}) =>
  summarizeModelfile(parseModelfile(text), warn);

test("repeats: FROM, DRAFT, LICENSE and MESSAGE accumulate, of the rest the last wins", () => {
  const text =
    "FROM a\nFROM b\nADAPTER l1\nADAPTER l2\nDRAFT d1\nDRAFT d2\nSYSTEM s1\nSYSTEM s2\nTEMPLATE t\nRENDERER r\nPARSER p\nLICENSE x\nLICENSE y\nREQUIRES v0.14.0\nPARAMETER seed 7\nMESSAGE user u\nMESSAGE assistant a\n";
  expect(summary(text)).toEqual({
    from: ["a", "b"],
    adapter: "l2",
    drafts: ["d1", "d2"],
    system: "s2",
    template: "t",
    renderer: "r",
    parser: "p",
    requires: "0.14.0",
    licenses: ["x", "y"],
    parameters: { seed: 7 },
    messages: [
      { role: "user", content: "u" },
      { role: "assistant", content: "a" },
    ],
  });
});

test("what is not there stays away", () => {
  expect(summary("FROM a")).toEqual({ from: ["a"], drafts: [], licenses: [], parameters: {}, messages: [] });
});

test("a deprecated parameter warns", () => {
  const lines: string[] = [];
  summary("FROM a\nPARAMETER use_mlock true", (line) => lines.push(line));
  expect(lines).toEqual(["warning: parameter use_mlock is deprecated"]);
});

test("REQUIRES must be a version", () => {
  expect(() => summary("FROM a\nREQUIRES latest")).toThrow("requires must be a valid semver (e.g. 0.14.0)");
});

test.each([
  ["UTF-8", [0x46, 0x52, 0xc3, 0xa9], "FRé"],
  ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x46], "F"],
  ["UTF-16 little-endian", [0xff, 0xfe, 0x46, 0x00, 0xe9, 0x00], "Fé"],
  ["UTF-16 big-endian", [0xfe, 0xff, 0x00, 0x46, 0x00, 0xe9], "Fé"],
])("decodes %s", (_, bytes, expected) => {
  expect(decodeModelfile(Uint8Array.from(bytes))).toBe(expected);
});
