/**
 * The way of one chat request with tools, by execution: a server and its runner note in which of their files a function runs while
 * they answer it, the model being loaded. docs/architecture.md's table must be that way: what it counts is derived here.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { createModel, deriveModel, freePort, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION } from "../support/tool-caller.ts";
import { traceTable } from "../support/trace-table.ts";
import { importsOf, roomOf, sources } from "../unit/architecture/sources.ts";

const LIMIT_MS = 120_000;
const TRACED = join(import.meta.dir, "../support/traced-child.ts");
const MAIN = join(import.meta.dir, "../../src/main.ts");

const REQUEST = {
  model: "caller",
  messages: [{ role: "user", content: QUESTION }],
  tools: [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather in a city.",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ],
  options: { temperature: 0 },
};

let server: TestServer;
let folder: string;
/** Files of which a function ran for the request. */
let ran: Set<string>;

async function ask(): Promise<string> {
  const response = await fetch(`${server.url}/api/chat`, { method: "POST", body: JSON.stringify(REQUEST) });
  return response.text();
}

/** What has run since the last time, in the server and its runner. */
async function taken(): Promise<string[]> {
  process.kill(server.pid, "SIGUSR2");
  let files: string[] = [];
  while (files.length < 2) {
    await Bun.sleep(50);
    files = await readdir(folder);
  }
  await Bun.sleep(200);
  const lists = await Promise.all(files.map(async (name) => await Bun.file(join(folder, name)).json()));
  await Promise.all(files.map((name) => rm(join(folder, name))));
  return lists.flat();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-trace-"));
  server = await startServer({ TRACED_PROGRAM: MAIN, TRACED_INTO: folder }, freePort(), TRACED);
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  await ask();
  await ask();
  await taken();
  expect(await ask()).toContain('"name":"get_weather","arguments":{"city":"Rome"}');
  ran = new Set(await taken());
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const files = new Map(sources().map((file) => [file.path, file]));
const { steps, beside, told } = traceTable();

/** Files that one runs on with: of those it imports, `lib` apart, those that run too. */
const runsOnWith = (path: string): string[] =>
  importsOf(files.get(path)!)
    .filter(({ target, types }) => !types && target !== path && ran.has(target) && roomOf(target) !== "lib")
    .map(({ target }) => target);

const isBeside = (path: string, starts: readonly string[]): boolean =>
  starts.some((start) => path.startsWith(start));

/** A file that only answers a question hands nothing on, nor does one whose work is beside the way. */
const handsOn = (path: string): boolean =>
  roomOf(path) !== "lib" && runsOnWith(path).length > 0 && !isBeside(path, beside.flat());

test("the table has every file that hands the request on, and no other", () => {
  const way = [...ran].filter(handsOn);
  const listed = steps.flatMap(({ handOn }) => handOn);
  expect(way.filter((path) => !listed.includes(path)).sort()).toEqual([]);
  expect(listed.filter((path) => !way.includes(path))).toEqual([]);
});

test("what it says is asked on the way runs, and hands nothing on", () => {
  const asked = steps.flatMap((step) => step.asked);
  expect(asked.filter((path) => !ran.has(path) || handsOn(path))).toEqual([]);
  expect(beside.filter((starts) => ![...ran].some((path) => isBeside(path, starts)))).toEqual([]);
});

/** The dialect of a request and what all dialects share are one room here. */
const floorOf = (path: string): string => roomOf(path).split("/")[0]!;

/** From which files the way goes into each room. A job is work of the room that orders it: `workers` only does it elsewhere. */
function entries(): Record<string, string[]> {
  const entered: Record<string, string[]> = {};
  for (const path of [...ran].filter(handsOn).filter((each) => floorOf(each) !== "workers")) {
    const rooms = new Set(runsOnWith(path).filter(handsOn).map(floorOf));
    rooms.delete(floorOf(path));
    for (const room of rooms) entered[room] = [...(entered[room] ?? []), path];
  }
  return entered;
}

test("the request enters no room twice but inference, which calls each of the others at one place", () => {
  const { inference, ...others } = entries();
  expect(inference?.every((path) => floorOf(path) === "api")).toBe(true);
  expect(others).toEqual({
    models: ["src/inference/resolve-model.ts"],
    prompt: ["src/inference/plan.ts"],
    output: ["src/inference/plan.ts"],
  });
});

test("workers do jobs of prompt and output alone", () => {
  const jobs = [...ran].filter((path) => roomOf(path) === "workers").flatMap(runsOnWith);
  expect([...new Set(jobs.map(roomOf))].sort()).toEqual(["output", "prompt", "workers"]);
});

test("the page's numbers are those of the files that run", () => {
  const runner = [...ran].filter((path) => roomOf(path) === "native").length;
  const server = ran.size - runner;
  expect(Math.abs(told.server - server) / server).toBeLessThan(0.1);
  expect(Math.abs(told.runner - runner) / runner).toBeLessThan(0.1);
});
