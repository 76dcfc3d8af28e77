import { expect, test } from "bun:test";
import { publicError } from "../../../../src/api/wire/public-error.ts";
import { AppError, badRequest } from "../../../../src/lib/errors.ts";

test("what was written for clients stays as it is", () => {
  const error = badRequest('model "/a/b" is odd');
  expect(publicError(error)).toBe(error);
});

test("an engine's text loses its directories", () => {
  const error = publicError(new AppError("engine", "cannot open /home/me/blobs/sha256-1: no such file"));
  expect(error.message).toBe("cannot open sha256-1: no such file");
  expect(error.status).toBe(500);
});

test("an unforeseen failure says nothing of itself", () => {
  const error = publicError(new TypeError("undefined is not an object (evaluating 'a.b')"));
  expect(error.message).toBe("internal server error");
});

test("one that was foreseen keeps its text, whatever caused it", () => {
  const cause = new SyntaxError("template: :1: unclosed action");
  expect(publicError(new AppError("internal", cause.message, { cause })).message).toBe(cause.message);
});

test("a wait that was called off", () => {
  expect(publicError(new DOMException("aborted", "AbortError"))).toMatchObject({
    status: 499,
    message: "request canceled",
  });
});
