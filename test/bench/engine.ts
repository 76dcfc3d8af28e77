import { join } from "node:path";
import { runnerEnv } from "../../src/engine/runner/env.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { childContender } from "./contenders/child.ts";
import { ServerContender } from "./contenders/server.ts";
import { median } from "./median.ts";
import { type Figure, type Models, UNITS } from "./work.ts";

const LAUNCHES = 4;
/** The turns of a launch's rounds: all orders, because whoever follows a heavy one has the worse of it. */
const ORDERS = [
  ["llamero", "shim", "node"],
  ["shim", "node", "llamero"],
  ["node", "llamero", "shim"],
  ["node", "shim", "llamero"],
  ["shim", "llamero", "node"],
  ["llamero", "node", "shim"],
] as const;
const FIGURES: readonly Figure[] = ["decode", "prompt", "parallel", "embed", "load"];
/** What the project has set itself: llamero's share of the in-process shim, and of node-llama-cpp's loop, for one stream. */
const WANTED = { shim: 0.95, nodeLlamaCpp: 1.4, idleMegabytes: 90, cpuMicroseconds: 50 };

/**
 * How much of the engine's speed reaches a user: llamero over HTTP against the same shim driven in-process, and against
 * node-llama-cpp's own loop. Machines are noisy, so the contenders take turns, and only ratios of one round's turns count. A
 * process has luck of its own with where its memory lies, a few percent for as long as it lives; so all are launched several times.
 */
export async function benchEngine(): Promise<void> {
  const models: Models = { text: await smollm2(), embedding: await allMiniLm() };
  await using llamero = await ServerContender.start(models);
  console.log(
    `${"figure".padEnd(10)}${"llamero".padStart(12)}${"shim".padStart(12)}${"node-llama-cpp".padStart(16)}   ratio to shim   to node-llama-cpp`,
  );
  for (const figure of FIGURES) await compare(figure, models, llamero);
  const cpu = Math.round(await llamero.cpuPerToken(4, 400));
  const idle = llamero.idleBytes / 1e6;
  console.log(
    `\nserver CPU per streamed token, 4 clients: ${cpu} µs (wanted: at most ${WANTED.cpuMicroseconds})`,
  );
  console.log(
    `server RSS before its first request: ${idle.toFixed(0)} MB (wanted: at most ${WANTED.idleMegabytes})`,
  );
  console.log(
    `wanted for decode: at least ${WANTED.shim} of the shim and ${WANTED.nodeLlamaCpp} of node-llama-cpp`,
  );
}

/** What each contender reached in one round. */
type Round = Record<(typeof ORDERS)[number][number], number>;

async function compare(figure: Figure, models: Models, llamero: ServerContender): Promise<void> {
  const rounds: Round[] = [];
  for (let launch = 0; launch < LAUNCHES; launch++)
    rounds.push(...(await launched(figure, launch, models, llamero)));
  report(figure, rounds);
}

/** The rounds of one launch. A child holds one model; the server's runner is ended, and comes back with the first request. */
async function launched(
  figure: Figure,
  launch: number,
  models: Models,
  llamero: ServerContender,
): Promise<Round[]> {
  const contender = (name: string, env = process.env) =>
    childContender(join(import.meta.dir, `contenders/${name}.ts`), models, env);
  await llamero.unload();
  await using shim = contender("shim", runnerEnv(process.env));
  await using node = contender("node-llama-cpp");
  const contenders = { llamero, shim, node };
  for (const each of Object.values(contenders)) await each.measure(figure, 1);
  const rounds: Round[] = [];
  for (const [at, order] of ORDERS.entries()) {
    const round: Round = { llamero: 0, shim: 0, node: 0 };
    const salt = 100 + launch * ORDERS.length + at;
    for (const name of order) round[name] = await contenders[name].measure(figure, salt);
    rounds.push(round);
  }
  return rounds;
}

function report(figure: Figure, rounds: readonly Round[]): void {
  // Less time is better, so a ratio above one always means that llamero is ahead.
  const ratio = (name: keyof Round): string =>
    median(
      rounds.map((round) =>
        UNITS[figure] === "ms" ? round[name] / round.llamero : round.llamero / round[name],
      ),
    ).toFixed(2);
  const cell = (name: keyof Round, width: number): string =>
    `${median(rounds.map((round) => round[name])).toFixed(0)} ${UNITS[figure]}`.padStart(width);
  console.log(
    `${figure.padEnd(8)}${cell("llamero", 14)}${cell("shim", 14)}${cell("node", 14)}${ratio("shim").padStart(15)}${ratio("node").padStart(18)}`,
  );
}
