import { expect } from "bun:test";
import type { Client } from "./clients.ts";

/** What a client's program prints; what it has no word for is absent. */
export interface Seen {
  version: string;
  question: string;
  limit: number;
  /** Whole answers to the question. */
  chat?: string[];
  /** The same, in the chunks that they came in. */
  streaming?: string[][];
  /** Calls, made by the model itself or demanded of it. */
  tools?: { name: string; arguments: unknown }[];
  /** What the model made of a tool's result. */
  after_tool?: string;
  structured?: unknown[];
  /** Growing objects, per mode. */
  partials?: Record<string, unknown[]>;
  /** The vectors of two texts of one meaning and one of another; several times, by different calls. */
  embeddings?: number[][][];
  errors: Record<string, { classes: string[]; message: string }>;
}

/** @param native what the server answers to a bare request for the same. */
export function expectChat(answers: readonly string[] = [], native: string): void {
  expect(answers).toContain(native);
  for (const answer of answers) expect(answer.trim()).not.toBe("");
}

/** Each stream came in several chunks, which together are a whole answer. */
export function expectStreams({ streaming = [], chat = [], partials = {} }: Seen): void {
  expect(streaming.length + Object.keys(partials).length).toBeGreaterThan(0);
  for (const chunks of streaming) {
    expect(chunks.filter((chunk) => chunk !== "").length).toBeGreaterThan(3);
    expect(chat).toContain(chunks.join(""));
  }
  for (const parts of Object.values(partials)) expect(parts.length).toBeGreaterThan(3);
}

export function expectCalls({ tools = [], after_tool }: Seen): void {
  expect(tools.length).toBeGreaterThan(0);
  for (const { name, arguments: args } of tools) {
    if (name === "City") expectCity(args);
    else expect([name, args]).toEqual(["get_weather", { city: "Rome" }]);
  }
  if (after_tool !== undefined) expect(after_tool).toContain("rainy");
}

export function expectStructured(values: readonly unknown[] = []): void {
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) expectCity(value);
}

function expectCity(value: unknown): void {
  expect(value).toEqual({ city: expect.stringMatching(/^(Rome|Oslo)$/), population: expect.any(Number) });
}

/** all-MiniLM-L6-v2 gives 384 dimensions of length 1, nearer to each other the nearer the meanings; each call the same. */
export function expectVectors(runs: readonly number[][][] = []): void {
  const [first] = runs;
  for (const vectors of runs) {
    const [cat = [], kitten = [], market = []] = vectors;
    expect(vectors.map(({ length }) => length)).toEqual([384, 384, 384]);
    expect(dot(cat, cat)).toBeCloseTo(1, 4);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, market) + 0.3);
    for (const [at, vector] of vectors.entries()) expect(dot(vector, first?.[at] ?? [])).toBeCloseTo(1, 4);
  }
  expect(first).toBeDefined();
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

export function expectErrors(seen: Seen["errors"], wanted: Client["errors"]): void {
  expect(Object.keys(seen).toSorted()).toEqual(Object.keys(wanted).toSorted());
  for (const [name, [kind, text]] of Object.entries(wanted)) {
    expect(seen[name]?.classes).toContain(kind);
    expect(seen[name]?.message).toContain(text);
  }
}
