import { smollm2 } from "../support/models.ts";
import { createModel, startServer } from "../support/server.ts";
import { median } from "./median.ts";
import { longText } from "./work.ts";

/** What the project has set itself: so many times as long may sixteen questions take as one. */
const WANTED = 1.5;
const QUESTIONS = 16;
const INPUT_TOKENS = 4000;
const ROUNDS = 3;
const MODEL = "llamero-bench-decisions";

type Kind = "noul" | "choice" | "score";
const KINDS: readonly Kind[] = ["noul", "choice", "score"];

/** What is answered with. The baseline of these answers is known from the first round on. */
const CRITERIA: Record<Kind, object> = {
  noul: {},
  choice: { criteria: { billing: "Payments", technical: "Bugs and errors", sales: "Offers" } },
  score: { criteria: ["Angry", "Neutral", "Happy"] },
};

/**
 * What sixteen short questions about one long input cost beside one, with an input and questions that are new to the server each time.
 *
 * @param model the GGUF file that answers; default: SmolLM2, with which the questions weigh most beside the input.
 */
export async function benchDecisions(model?: string): Promise<void> {
  await using server = await startServer({ OLLAMA_CONTEXT_LENGTH: "8192" });
  await createModel(server, MODEL, model ?? (await smollm2()));
  await seconds(server.url, 0, "noul", 1);
  for (const [at, kind] of KINDS.entries()) {
    const rounds: { one: number; all: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const salt = 2 * (1 + at * ROUNDS + round);
      const one = await seconds(server.url, salt, kind, 1);
      rounds.push({ one, all: await seconds(server.url, salt + 1, kind, QUESTIONS) });
    }
    const ratio = median(rounds.map(({ one, all }) => all / one)).toFixed(2);
    const [one, all] = [median(rounds.map((each) => each.one)), median(rounds.map((each) => each.all))];
    console.log(
      `${QUESTIONS} ${kind} questions about ${INPUT_TOKENS} tokens: ${all.toFixed(2)} s, one: ${one.toFixed(2)} s, ratio ${ratio} (wanted: at most ${WANTED})`,
    );
  }
}

/** Seconds that a request takes whose input and questions nobody else has sent. */
async function seconds(url: string, salt: number, kind: Kind, count: number): Promise<number> {
  const question = (at: number) => ({
    type: kind,
    instructions: `In case ${salt}: what about point ${at}?`,
    ...CRITERIA[kind],
  });
  const questions = Object.fromEntries(Array.from({ length: count }, (_, at) => [`q${at}`, question(at)]));
  const body = JSON.stringify({ model: MODEL, state: longText(INPUT_TOKENS, salt), questions });
  const begin = Bun.nanoseconds();
  const reply = await fetch(`${url}/v1/systemone`, { method: "POST", body });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status}: ${text}`);
  return (Bun.nanoseconds() - begin) / 1e9;
}
