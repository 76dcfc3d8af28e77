import { describe, expect, test } from "bun:test";
import {
  crashed,
  endedLoading,
  isOutOfMemory,
  loadFailed,
  loadStalled,
} from "../../../../src/engine/runner/failure.ts";
import { RecentLines } from "../../../../src/engine/runner/recent-lines.ts";

const HINT =
  ": this model may be incompatible with your version of llamero. If you previously pulled this model, try updating it by running `llamero pull m:latest`";

describe("texts", () => {
  test.each([
    [
      "a broken file",
      "failed to load model: tensor 'x' not found",
      `failed to load model: tensor 'x' not found${HINT}`,
    ],
    ["no device", "llama.cpp found no device to compute on", "llama.cpp found no device to compute on"],
    ["no memory", "failed to load model: out of memory", "failed to load model: out of memory"],
    ["paths stay here", "failed to open /root/m/blobs/sha256-a", "failed to open sha256-a"],
  ])("a load that fails: %s", (_, message, expected) => {
    expect(loadFailed(message, "m:latest").message).toBe(expected);
  });

  test("a load that stalls", () => {
    expect(loadStalled("reading").message).toBe("timed out waiting for the model runner to start - reading");
    expect(loadStalled("").message).toBe("timed out waiting for the model runner to start");
  });

  test("a process that ends while it loads", () => {
    expect(endedLoading({ code: 3, signal: null }, "").message).toBe(
      "model runner process has terminated: exit status 3",
    );
  });

  test("a crash: signal and last error line, without paths, status 500", () => {
    const error = crashed({ code: null, signal: "SIGABRT" }, "/src/ggml.c:12: GGML_ASSERT(ok) failed");
    expect(error.message).toBe(
      "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check llamero server logs for details: signal SIGABRT: ggml.c:12: GGML_ASSERT(ok) failed",
    );
    expect(error.status).toBe(500);
  });
});

test.each([
  ["CUDA error: out of memory", true],
  ["failed to allocate buffer of size 12", true],
  ["unable to allocate CPU buffer", true],
  ["terminate called: std::bad_alloc", true],
  ["tensor 'x' not found", false],
])("isOutOfMemory(%p)", (text, expected) => {
  expect(isOutOfMemory(text)).toBe(expected);
});

describe("RecentLines", () => {
  const lastOf = (...lines: string[]) => {
    const recent = new RecentLines();
    for (const line of lines) recent.add(line);
    return recent.lastError();
  };

  test("the last line that reads like an error", () => {
    expect(lastOf("error: a", "panic: b", "see the manual")).toBe("panic: b");
  });

  test("a failed assertion rather than that the process then ended itself", () => {
    const assertion = "llama-vocab.cpp:2301: GGML_ASSERT(id_to_token.size() == token_to_id.size()) failed";
    expect(lastOf(assertion, "Bun v1.4.5", "panic(main thread): abort() called")).toBe(assertion);
    expect(lastOf("panic(main thread): abort() called")).toBe("panic(main thread): abort() called");
  });

  test("else the last line that says anything", () => {
    expect(lastOf("hello", "bye", "  ")).toBe("bye");
    expect(lastOf()).toBe("");
  });

  test("old lines are forgotten", () => {
    expect(lastOf("error: long ago", ...Array.from({ length: 50 }, (_, i) => `line ${i}`))).toBe("line 49");
  });
});
