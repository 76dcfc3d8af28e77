import type { BenchServer } from "./server.ts";
import { prose } from "./text.ts";

const TALKS = 3;
const TALK_TOKENS = 500;
/** Of a conversation that is still there when its server has been started again. */
const LONG_TALK_TOKENS = 4000;
const PREFIX_TOKENS = 1000;

/** First tokens of the second turns of three conversations that take turns, in milliseconds on the average. */
export async function interleaved(server: BenchServer, salt: number): Promise<number> {
  const talks = Array.from({ length: TALKS }, (_, at) => [
    { role: "user", content: prose(TALK_TOKENS, salt * TALKS + at) },
  ]);
  for (const talk of talks) await server.chat(talk, 4);
  let milliseconds = 0;
  for (const talk of talks) {
    const next = [...talk, { role: "assistant", content: "Yes." }, { role: "user", content: "And then?" }];
    milliseconds += (await server.chat(next, 4)).firstMs;
  }
  return milliseconds / TALKS;
}

/** The first token of a prompt that begins as the one before. */
export async function samePrefix(server: BenchServer, salt: number): Promise<number> {
  const prompt = prose(PREFIX_TOKENS, salt);
  await server.generate(prompt, 4);
  return (await server.generate(`${prompt} And then`, 1)).firstMs;
}

/** The first token of a long conversation that goes on after the server, or where it cannot be the model, was started again. */
export async function afterRestart(server: BenchServer, salt: number, real: boolean): Promise<number> {
  const prompt = prose(LONG_TALK_TOKENS, salt);
  await server.generate(prompt, 4);
  await (real ? server.restart() : server.unload());
  return (await server.generate(`${prompt} And then`, 1)).firstMs;
}
