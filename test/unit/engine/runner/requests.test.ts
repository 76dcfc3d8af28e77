import { expect, test } from "bun:test";
import type { ToRunner } from "../../../../src/engine/protocol.ts";
import { Requests } from "../../../../src/engine/runner/requests.ts";
import { AppError } from "../../../../src/lib/errors.ts";

function open() {
  const sent: ToRunner[] = [];
  const requests = new Requests((message) => sent.push(message));
  const heard: string[] = [];
  const pending = requests.open(
    { type: "detokenize", tokens: [1] },
    { end: ({ type }) => heard.push(type), fail: ({ message }) => heard.push(message) },
  );
  return { requests, sent, heard, pending };
}

test("a request that has ended is not cancelled, answered or failed any more", async () => {
  const { requests, sent, heard, pending } = open();
  requests.deliver({ type: "detokenized", id: 1, text: "a" });
  await pending.done;
  pending.cancel();
  requests.deliver({ type: "detokenized", id: 1, text: "a" });
  requests.failAll(new AppError("engine", "broken"));
  expect(heard).toEqual(["detokenized"]);
  expect(sent.map(({ type }) => type)).toEqual(["detokenize"]);
});

test("ids are never used twice", () => {
  const { requests, sent } = open();
  requests.deliver({ type: "detokenized", id: 1, text: "a" });
  requests.open({ type: "detokenize", tokens: [2] }, { end() {}, fail() {} });
  expect(sent).toMatchObject([{ id: 1 }, { id: 2 }]);
});

test("cancelling asks the runner each time it is told to, until the request has ended", () => {
  const { sent, pending } = open();
  pending.cancel();
  expect(sent.at(-1)).toEqual({ type: "cancel", id: 1 });
});
