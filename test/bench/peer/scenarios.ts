import { median } from "../median.ts";
import { embedTexts, jointRate, perSecond, STORY } from "../work.ts";
import { agentTrace } from "./agent-trace.ts";
import { afterRestart, interleaved, samePrefix } from "./conversations.ts";
import type { Settings } from "./host.ts";
import type { Unit } from "./samples.ts";
import type { BenchServer } from "./server.ts";
import { prose, question } from "./text.ts";

/** One thing that users wait for. */
export interface Scenario {
  name: string;
  unit: Unit;
  /** What differs from the servers' defaults, where they are started here. */
  settings?: Settings;
  /** Brings the server into the state in which it is measured; its time does not count. */
  before?(server: BenchServer): Promise<unknown>;
  /** @param salt no other measurement has it: texts that are made with it share no prefix with others. */
  measure(server: BenchServer, salt: number): Promise<number>;
}

const DECODE_TOKENS = 128;
const PARALLEL_TOKENS = 48;
const PREFILL_TOKENS = 1000;
const CANCEL_TOKENS = 2000;
const MODELS = 300;
const TAGS = 200;
const CONNECTIONS = 4;

const slots = (count: number): Settings => ({ OLLAMA_NUM_PARALLEL: String(count) });

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = Bun.nanoseconds();
  await work();
  return (Bun.nanoseconds() - begin) / 1e6;
};

const warm = (server: BenchServer): Promise<unknown> => server.generate(STORY, 1);

/** Sampled, since greedy answers of small models soon repeat themselves, which can be guessed. */
async function decode(server: BenchServer, salt: number): Promise<number> {
  const asked = [{ role: "user", content: question(salt) }];
  const { times, tokens } = await server.chat(asked, DECODE_TOKENS, { temperature: 0.8, seed: salt });
  return perSecond(tokens - 1, (times.at(-1)! - times[0]!) * 1e6);
}

/** From when all streams are under way until the last one has ended. */
async function parallel(server: BenchServer, salt: number, streams: number): Promise<number> {
  const begin = Bun.nanoseconds();
  const runs = await Promise.all(
    Array.from({ length: streams }, async (_, at) => {
      const started = Bun.nanoseconds() - begin;
      const { times } = await server.generate(prose(30, salt * streams + at), PARALLEL_TOKENS);
      return times.map((time) => started + time * 1e6);
    }),
  );
  return jointRate(runs);
}

/** How soon another request has its first token once a long answer has been left. */
async function cancel(server: BenchServer, salt: number): Promise<number> {
  const leaving = new AbortController();
  const left = server.generate(prose(20, salt), CANCEL_TOKENS, { signal: leaving.signal }).then(
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
  const stream = server.generate(prose(20, salt), DECODE_TOKENS);
  await Bun.sleep(200);
  await server.generate(prose(PREFILL_TOKENS, salt + 1), 1);
  const { times } = await stream;
  return Math.max(...times.slice(1).map((time, at) => time - times[at]!));
}

/** A load of another model and one of the first again, for a server that holds one. */
async function swap(server: BenchServer): Promise<number> {
  const loads = await timed(async () => {
    for (const other of [true, false]) await server.generate(STORY, 1, { other });
  });
  return loads / 2;
}

/** The median of some requests, since a short one alone is luck. */
const embeddings = (inputs: number, requests: number): Scenario => ({
  name: inputs === 1 ? "1 embedding" : `${inputs} embeddings`,
  unit: "ms",
  before: (server) => server.embed(["warm"]),
  async measure(server) {
    const times: number[] = [];
    for (let at = 0; at < requests; at++)
      times.push(await timed(() => server.embed(embedTexts().slice(at % 8, (at % 8) + inputs))));
    return median(times);
  },
});

async function tags(server: BenchServer): Promise<number> {
  const milliseconds = await timed(() =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let at = 0; at < TAGS / CONNECTIONS; at++) await server.tags();
      }),
    ),
  );
  return TAGS / (milliseconds / 1e3);
}

/**
 * All that is measured, in the order of the table.
 * @param restarts both servers can be started again.
 */
export const scenarios = (restarts: boolean): Scenario[] => [
  { name: "single stream", unit: "tokens/s", before: warm, measure: decode },
  {
    name: "prefill of 1,000 tokens",
    unit: "ms",
    before: warm,
    measure: async (server, salt) => (await server.generate(prose(PREFILL_TOKENS, salt), 1)).firstMs,
  },
  ...[4, 8].map(
    (streams): Scenario => ({
      name: `${streams} parallel streams`,
      unit: "tokens/s",
      settings: slots(streams),
      before: warm,
      measure: (server, salt) => parallel(server, salt, streams),
    }),
  ),
  { name: "same prefix again", unit: "ms", before: warm, measure: samePrefix },
  { name: "3 interleaved conversations", unit: "ms", before: warm, measure: interleaved },
  { name: "turns of a coding agent", unit: "ms", before: warm, measure: agentTrace },
  {
    name: "cold load",
    unit: "ms",
    before: (server) => server.unload(),
    measure: async (server) => (await server.generate(STORY, 1)).firstMs,
  },
  {
    name: "swap of two models",
    unit: "ms",
    settings: { OLLAMA_MAX_LOADED_MODELS: "1" },
    before: warm,
    measure: swap,
  },
  {
    name: restarts ? "long conversation after a restart" : "long conversation after an unload",
    unit: "ms",
    measure: (server, salt) => afterRestart(server, salt, restarts),
  },
  embeddings(1, 30),
  embeddings(16, 5),
  embeddings(64, 2),
  { name: "first token after a cancel", unit: "ms", before: warm, measure: cancel },
  {
    name: "silence beside a long prompt",
    unit: "ms",
    settings: slots(2),
    before: warm,
    measure: contention,
  },
  {
    name: `list of ${MODELS} models`,
    unit: "requests/s",
    before: (server) => server.copies(MODELS - 3),
    measure: tags,
  },
];
