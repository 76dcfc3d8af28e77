import { expect, test } from "bun:test";
import { digestOfFileName } from "../../../src/store/blob-files.ts";
import { lifeOf, temporaryName, thisWriter, writerOf } from "../../../src/store/temp-name.ts";

test("a temporary name says who writes it, and is never a blob's", () => {
  const name = temporaryName();
  expect(writerOf(name)).toEqual(thisWriter);
  expect(temporaryName()).not.toBe(name);
  expect(digestOfFileName(name)).toBeUndefined();
});

test.each(["", "tmp-", "tmp-x", "sha256-1234", "tmp-00000000-1-00000000-..", ".tmp-00000000-1-00000000-a"])(
  "%j is not a name of ours",
  (name) => expect(writerOf(name)).toBeUndefined(),
);

test.each([
  [{}, "alive"],
  [{ life: "ffffffff" }, "dead"],
  [{ pid: 7 }, "alive"],
  [{ pid: 8 }, "dead"],
  [{ host: "ffffffff", pid: 8 }, "unknown"],
])("the life of %j is %s", (difference, expected) => {
  const self = { host: "00000000", pid: 1, life: "00000000" };
  expect(lifeOf({ ...self, ...difference }, self, (pid) => pid === 7)).toBe(expected as never);
});
