import { embedTexts, jointRate, longText, perSecond, STORY } from "../work.ts";
import { agentTrace } from "./agent-trace.ts";
import type { BenchServer } from "./server.ts";

/** One thing that users wait for. */
export interface Scenario {
  name: string;
  unit: "ms" | "tokens/s";
  /** Brings the server into the state in which it is measured; its time does not count. */
  before?(server: BenchServer): Promise<unknown>;
  /** @param salt no other measurement has it: texts that are made with it share no prefix with others. */
  measure(server: BenchServer, salt: number): Promise<number>;
}

const DECODE_TOKENS = 64;
const LONG_TOKENS = 1024;
const CANCEL_TOKENS = 2000;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = Bun.nanoseconds();
  await work();
  return (Bun.nanoseconds() - begin) / 1e6;
};

const warm = (server: BenchServer): Promise<unknown> => server.generate(STORY, 1);

async function decode(server: BenchServer, salt: number): Promise<number> {
  const { times } = await server.generate(longText(40, salt), DECODE_TOKENS);
  return perSecond(times.length - 1, times.at(-1)! - times[0]!);
}

/** Streams that begin at different times are compared by the time in which all of them are under way. */
async function parallel(server: BenchServer, salt: number, streams: number): Promise<number> {
  const begin = Bun.nanoseconds();
  const runs = await Promise.all(
    Array.from({ length: streams }, async (_, at) => {
      const started = Bun.nanoseconds() - begin;
      const { times } = await server.generate(longText(30, salt * 10 + at), 32);
      return times.map((time) => started + time);
    }),
  );
  // More streams than slots come one after the other: then all of the time counts.
  const all = runs.flat();
  return streams > 4 ? perSecond(all.length, Math.max(...all)) : jointRate(runs);
}

/** First tokens of the second turns of three conversations that take turns. */
async function interleaved(server: BenchServer, salt: number): Promise<number> {
  const talks = [0, 1, 2].map((at) => [{ role: "user", content: longText(300, salt * 10 + at) }]);
  for (const talk of talks) await server.chat(talk, 4);
  let milliseconds = 0;
  for (const talk of talks) {
    const next = [...talk, { role: "assistant", content: "Yes." }, { role: "user", content: "And then?" }];
    milliseconds += (await server.chat(next, 4)).firstMs;
  }
  return milliseconds / talks.length;
}

/** How soon another request has its first token once a long answer has been left. */
async function cancel(server: BenchServer, salt: number): Promise<number> {
  const leaving = new AbortController();
  const left = server.generate(longText(20, salt), CANCEL_TOKENS, { signal: leaving.signal }).then(
    () => {
      throw new Error("the answer was over before it was left");
    },
    () => {},
  );
  await Bun.sleep(300);
  leaving.abort();
  await left;
  return (await server.generate(STORY, 1)).firstMs;
}

/** Longest silence of a stream while a long prompt is evaluated beside it. */
async function contention(server: BenchServer, salt: number): Promise<number> {
  const stream = server.generate(longText(20, salt), DECODE_TOKENS * 2);
  await Bun.sleep(200);
  await server.generate(longText(LONG_TOKENS, salt + 1), 1);
  const { times } = await stream;
  return Math.max(...times.slice(1).map((time, at) => time - times[at]!)) / 1e6;
}

async function swap(server: BenchServer): Promise<number> {
  const begin = Bun.nanoseconds();
  for (const other of [true, false]) await server.generate(STORY, 1, { other });
  return (Bun.nanoseconds() - begin) / 2e6;
}

/** All that is measured, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "single stream", unit: "tokens/s", before: warm, measure: decode },
  {
    name: "prefill of 1,000 tokens",
    unit: "ms",
    before: warm,
    measure: async (server, salt) => (await server.generate(longText(LONG_TOKENS, salt), 1)).firstMs,
  },
  { name: "4 parallel streams", unit: "tokens/s", before: warm, measure: (...at) => parallel(...at, 4) },
  { name: "8 parallel streams", unit: "tokens/s", before: warm, measure: (...at) => parallel(...at, 8) },
  {
    name: "same prefix again",
    unit: "ms",
    before: warm,
    async measure(server, salt) {
      const prompt = longText(LONG_TOKENS, salt);
      await server.generate(prompt, 4);
      return (await server.generate(`${prompt} And then`, 1)).firstMs;
    },
  },
  { name: "3 interleaved conversations", unit: "ms", before: warm, measure: interleaved },
  { name: "trace of a coding agent", unit: "ms", before: warm, measure: agentTrace },
  {
    name: "cold load",
    unit: "ms",
    before: (server) => server.unload(),
    measure: async (server) => (await server.generate(STORY, 1)).firstMs,
  },
  { name: "swap of two models", unit: "ms", before: warm, measure: swap },
  {
    name: "conversation after an unload",
    unit: "ms",
    async measure(server, salt) {
      const prompt = longText(LONG_TOKENS, salt);
      await server.generate(prompt, 4);
      await server.unload();
      return (await server.generate(`${prompt} And then`, 1)).firstMs;
    },
  },
  ...[1, 16, 64].map(
    (inputs): Scenario => ({
      name: inputs === 1 ? "1 embedding" : `${inputs} embeddings`,
      unit: "ms",
      before: (server) => server.embed(["warm"]),
      measure: (server) => timed(() => server.embed(embedTexts().slice(0, inputs))),
    }),
  ),
  { name: "first token after a cancel", unit: "ms", before: warm, measure: cancel },
  { name: "silence beside a long prompt", unit: "ms", before: warm, measure: contention },
  { name: "list of models", unit: "ms", measure: (server) => timed(() => server.tags()) },
];
