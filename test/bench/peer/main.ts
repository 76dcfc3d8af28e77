/**
 * llamero beside any server with Ollama's API: `bun run bench --peer NAME=URL`, and
 *
 * - `--start COMMAND`: what starts the peer, in the foreground; it is then started and ended here, and can be started again. Without it the
 *   peer is somebody else's process and is left as it is, but for models named `llamero-bench-…`, which are removed in the end.
 * - `--pairs 5`: pairs that have to count. `--only TEXT,TEXT`: scenarios whose name has one of them.
 * - `--report FILE`: a JSON file that keeps all samples; what is measured again is replaced, the rest is kept. Without `--peer` its table is
 *   printed. `--svg FILE`: draws the ratios.
 */
import { cpus } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { allMiniLm, smollm2 } from "../../support/models.ts";
import { ForeignLoad } from "./foreign-load.ts";
import { type Host, ownHost, runningHost, startedHost } from "./host.ts";
import { measure } from "./measure.ts";
import { type Report, svgOf, tableOf, withSamples } from "./report.ts";
import { rowOf } from "./samples.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { BenchServer } from "./server.ts";
import { type Setting, tableHead, tableLine } from "./table.ts";

const DEFAULT_PAIRS = 5;

function flags() {
  return parseArgs({
    options: {
      peer: { type: "string" },
      start: { type: "string" },
      pairs: { type: "string", default: String(DEFAULT_PAIRS) },
      only: { type: "string", default: "" },
      report: { type: "string" },
      svg: { type: "string" },
    },
  }).values;
}

type Flags = ReturnType<typeof flags>;

/** @throws Error for a peer without a name or a URL. */
function peerOf(flag: string): { name: string; url: string } {
  const [, name, url] = /^([^=]+)=(https?:\/\/.+?)\/*$/.exec(flag) ?? [];
  if (name === undefined || url === undefined)
    throw new Error("--peer takes NAME=URL, e.g. ollama=http://127.0.0.1:11435");
  return { name, url };
}

/** Measures, and prints, keeps and draws what came of it. */
export async function benchPeer(): Promise<void> {
  const { peer, ...rest } = flags();
  const kept = await keptReport(rest.report);
  const report = peer === undefined ? kept : await measured(peerOf(peer), rest, kept);
  if (report === undefined) throw new Error("--report FILE has nothing to show");
  if (peer === undefined) console.log(tableOf(report));
  else if (rest.report !== undefined)
    await Bun.write(rest.report, `${JSON.stringify(report, undefined, 1)}\n`);
  if (rest.svg !== undefined) await Bun.write(rest.svg, svgOf(report));
}

async function keptReport(path: string | undefined): Promise<Report | undefined> {
  if (path === undefined || !(await Bun.file(path).exists())) return undefined;
  return (await Bun.file(path).json()) as Report;
}

async function measured(
  { name, url }: { name: string; url: string },
  { start, pairs, only }: Omit<Flags, "peer">,
  kept: Report | undefined,
): Promise<Report> {
  await using own = await ownHost();
  await using their = start === undefined ? runningHost(url) : await startedHost(url, shell(start), {});
  const servers = [new BenchServer("llamero", own), new BenchServer(name, their)] as const;
  const models = { text: await smollm2(), embedding: await allMiniLm() };
  for (const server of servers) await server.prepare(models);
  const setting = await settingOf(servers, models.text);
  console.log(`${setting.model}; ${setting.machine}; ${setting.date}\n\n${tableHead(setting)}`);
  const load = new ForeignLoad(() => [process.pid, ...rootsOf(own), ...rootsOf(their)]);
  const chosen = scenarios(servers[1].canRestart).filter(({ name: scenario }) =>
    only.split(",").some((text) => scenario.includes(text)),
  );
  let report: Report = { samples: [], ...kept, ...setting };
  let salt = Date.now() % 1e6;
  for (const scenario of chosen) {
    const samples = await measure(scenario, servers, Number(pairs), load, () => salt++);
    report = withSamples(report, [samples]);
    const row = rowOf(samples);
    console.log(row === undefined ? nothing(scenario, samples.pairs.length) : tableLine(row));
  }
  for (const server of servers) await server.leave();
  return report;
}

const shell = (command: string): string[] => ["sh", "-c", `exec ${command}`];
const rootsOf = (host: Host): readonly number[] => host.roots();
const nothing = ({ name }: Scenario, rejected: number): string =>
  `| ${name} | no quiet moment | | | 0 | ${rejected} |`;

/** A server that was built by hand may not know its version: then its name has to say it. */
const named = (name: string, version: string): string =>
  version === "" || version.startsWith("0.0.0") ? name : `${name} ${version}`;

async function settingOf(servers: readonly [BenchServer, BenchServer], model: string): Promise<Setting> {
  const [ours, theirs] = await Promise.all(servers.map((server) => server.version()));
  const processors = cpus();
  return {
    ours: `llamero ${ours}`,
    theirs: named(servers[1].name, theirs!),
    machine: `${processors[0]?.model ?? "unknown processor"}, ${processors.length} cores`,
    model: basename(model, ".gguf").replace(/-[0-9a-f]{64}$/, ""),
    date: new Date().toISOString().slice(0, 10),
  };
}
