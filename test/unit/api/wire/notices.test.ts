import { expect, test } from "bun:test";
import { GenerateRequest } from "../../../../src/api/ollama/schema/answer.ts";
import { unknownFieldNotices } from "../../../../src/api/wire/notices.ts";
import { optionsOf } from "../../../../src/inference/request-options.ts";

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
const messages = (body: object) => unknownFieldNotices(GenerateRequest, body).map(({ message }) => message);

test("a few unknown fields are named, the others are counted", () => {
  expect(messages(keys(2))).toEqual(["k0 ignored: unknown field", "k1 ignored: unknown field"]);
  const many = messages(keys(100_000));
  expect(many).toHaveLength(8);
  expect(many.at(-1)).toBe("99993 more unknown fields ignored");
});

test("one field in every element of a list is one field", () => {
  const body = { ...keys(1), ...{ context: [1] } };
  expect(messages(body)).toEqual(["k0 ignored: unknown field"]);
});

test("a name may be as long as a body, a notice may not", () => {
  const [message = ""] = messages({ ["x".repeat(10_000_000)]: 1 });
  expect(message).toBe(`${"x".repeat(100)}… ignored: unknown field`);
});

test("the same holds of options", () => {
  const told = optionsOf(keys(50_000)).notices.map(({ message }) => message);
  expect(told).toHaveLength(8);
  expect(told.at(-1)).toBe("49993 more unknown options ignored");
});
