import { expect, test } from "bun:test";
import { memberTag } from "../../../src/lib/member-tag.ts";

test("a tag is short, always as long, and another for another name", () => {
  const tags = Array.from({ length: 1000 }, (_, at) => memberTag(`gpu${at}_11434`));
  expect(tags.every((tag) => /^[a-z0-9]{7}$/.test(tag))).toBe(true);
  expect(new Set(tags).size).toBe(1000);
  expect(memberTag("gpu7_11434")).toBe(tags[7]!);
});
