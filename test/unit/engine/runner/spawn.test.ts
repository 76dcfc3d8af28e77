import { expect, test } from "bun:test";
import { closeSync, fstatSync, openSync } from "node:fs";
import type { RunnerExit, RunnerProcess } from "../../../../src/engine/runner/process.ts";
import { fakeRunnerSpawner } from "../../../support/process-engine.ts";
import { runnerLoad } from "../../../support/runner-load.ts";

/** Starts fake-runner.ts, loads `script`, and keeps everything that it tells until it ends. */
function run(script: string, onHeard: (what: string, process: RunnerProcess) => void = () => {}) {
  const heard: string[] = [];
  const ended = Promise.withResolvers<RunnerExit>();
  const hear = (what: string) => {
    heard.push(what);
    onHeard(what, child);
  };
  const child = fakeRunnerSpawner()({
    onMessage(message) {
      if (message.type === "hello") child.send(runnerLoad({ modelPath: script }));
      hear(message.type);
    },
    onProgress: () => hear("progress"),
    onLine: (line) => hear(line),
    onExit(exit) {
      hear("exit");
      ended.resolve(exit);
    },
  });
  return { child, heard, ended: ended.promise };
}

test("progress lines are told apart from the rest; a kill ends it", async () => {
  const wanted = new Set(["progress", "waiting for the disk"]);
  const { heard, ended } = run("hang", (what, child) => {
    wanted.delete(what);
    if (wanted.size === 0) child.kill();
  });
  expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
  expect(heard.toSorted()).toEqual(["exit", "hello", "progress", "waiting for the disk"]);
  expect(heard.at(-1)).toBe("exit");
});

test("the exit comes after all that was printed, however much", async () => {
  const lines = Array.from({ length: 6000 }, (_, i) => `line ${i}`);
  const { heard, ended } = run(`abort:${lines.join("\n")}`);
  expect(await ended).toEqual({ code: null, signal: "SIGABRT" });
  expect(heard).toEqual(["hello", ...lines, "exit"]);
});

test("a process whose answers cannot be read is ended", async () => {
  const { heard, ended } = run("garble:no news");
  expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
  expect(heard).toEqual(["hello", expect.stringContaining("cannot be read: SyntaxError"), "exit"]);
});

test("the descriptor of its answers is closed once, and then free for others", async () => {
  const taken: number[] = [];
  for (let i = 0; i < 3; i++) {
    await run("exit:0").ended;
    // Takes the number of the descriptor that has been closed.
    taken.push(openSync(import.meta.path, "r"));
  }
  // A second close would come with the collection of the process's object.
  for (let i = 0; i < 5; i++) {
    Bun.gc(true);
    await Bun.sleep(5);
  }
  for (const file of taken) expect(fstatSync(file).isFile()).toBe(true);
  for (const file of taken) closeSync(file);
});

test("what is sent to a process that has ended is dropped", async () => {
  let failure: unknown;
  const { child, ended } = run("exit:5", (what, process) => {
    if (what !== "exit") return;
    try {
      process.send({ type: "cancel", id: 1 });
    } catch (error) {
      failure = error;
    }
  });
  expect(await ended).toEqual({ code: 5, signal: null });
  child.send({ type: "cancel", id: 2 });
  expect(failure).toBeUndefined();
});

test("its environment is what it is given, and nothing of ours", async () => {
  process.env.LLAMERO_SECRET = "secret";
  const { heard, ended } = run("env:LLAMERO_SECRET");
  delete process.env.LLAMERO_SECRET;
  await ended;
  expect(heard).toEqual(["hello", "LLAMERO_SECRET=undefined", "exit"]);
});
