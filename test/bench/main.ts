/**
 * How much of the engine's speed reaches a user: llamero over HTTP against the same shim driven in-process, and against
 * node-llama-cpp's own loop. Machines are noisy, so the contenders take turns and only ratios of medians within this run count.
 */
import { join } from "node:path";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { childContender } from "./contenders/child.ts";
import { ServerContender } from "./contenders/server.ts";
import { median } from "./median.ts";
import { benchPull } from "./pull.ts";
import { type Contender, type Figure, type Models, UNITS } from "./work.ts";

const ROUNDS = 9;
const FIGURES: readonly Figure[] = ["decode", "prompt", "parallel", "embed", "load"];
/** What the project has set itself: llamero's share of the in-process shim, and of node-llama-cpp's loop, for one stream. */
const WANTED = { shim: 0.95, nodeLlamaCpp: 1.4, idleMegabytes: 90, cpuMicroseconds: 50 };

const models: Models = { text: await smollm2(), embedding: await allMiniLm() };
await using llamero = await ServerContender.start(models);

console.log(
  `${"figure".padEnd(10)}${"llamero".padStart(12)}${"shim".padStart(12)}${"node-llama-cpp".padStart(16)}   ratio to shim   to node-llama-cpp`,
);
for (const figure of FIGURES) await compare(figure);

const cpu = Math.round(await llamero.cpuPerToken(4, 200));
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
await benchPull();

async function compare(figure: Figure): Promise<void> {
  // A child holds one model; a fresh pair a figure keeps the embedding model out of the text model's way.
  await using shim = childContender("shim", join(import.meta.dir, "contenders/shim.ts"), models);
  await using node = childContender(
    "node-llama-cpp",
    join(import.meta.dir, "contenders/node-llama-cpp.ts"),
    models,
  );
  const contenders: readonly Contender[] = [llamero, shim, node];
  const results = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await contender.measure(figure, 1);
  for (let round = 0; round < ROUNDS; round++) {
    // In another order each time: whoever runs next to a heavy one has the worse of it.
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]!;
      results.get(contender)!.push(await contender.measure(figure, 100 + round));
    }
  }
  report(figure, median(results.get(llamero)!), median(results.get(shim)!), median(results.get(node)!));
}

function report(figure: Figure, ours: number, shim: number, node: number): void {
  // Less time is better, so a ratio above one always means that llamero is ahead.
  const ratio = (other: number): string => (UNITS[figure] === "ms" ? other / ours : ours / other).toFixed(2);
  const cell = (value: number, width: number): string =>
    `${value.toFixed(0)} ${UNITS[figure]}`.padStart(width);
  console.log(
    `${figure.padEnd(8)}${cell(ours, 14)}${cell(shim, 14)}${cell(node, 14)}${ratio(shim).padStart(15)}${ratio(node).padStart(18)}`,
  );
}
