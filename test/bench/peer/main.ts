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
import { ownHost, runningHost, startedHost } from "./host.ts";
import { measure } from "./measure.ts";
import { type Report, svgOf, tableOf, withSamples } from "./report.ts";
import { rowOf } from "./samples.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { BenchServer } from "./server.ts";
import { type Setting, tableHead, tableLine } from "./table.ts";

const DEFAULT_PAIRS = 5;
/** A peer that runs already may know the texts of the run before: each run begins somewhere else. */
const SALTS = 1e6;

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
  const { peer, report: path, svg, ...choice } = flags();
  const kept = await keptReport(path);
  const keep = async (report: Report) => {
    if (path !== undefined) await Bun.write(path, `${JSON.stringify(report, undefined, 1)}\n`);
  };
  const report = peer === undefined ? kept : await measured(peerOf(peer), choice, kept, keep);
  if (report === undefined) throw new Error("--report FILE has nothing to show");
  if (peer === undefined) console.log(tableOf(report));
  if (svg !== undefined) await Bun.write(svg, svgOf(report));
}

async function keptReport(path: string | undefined): Promise<Report | undefined> {
  if (path === undefined || !(await Bun.file(path).exists())) return undefined;
  return (await Bun.file(path).json()) as Report;
}

/** @param keep told of all samples so far behind each scenario, since the next one may not come to its end. */
async function measured(
  { name, url }: { name: string; url: string },
  { start, pairs, only }: Pick<Flags, "start" | "pairs" | "only">,
  kept: Report | undefined,
  keep: (report: Report) => Promise<void>,
): Promise<Report> {
  await using hosts = new AsyncDisposableStack();
  const leave = () => void hosts.disposeAsync().finally(() => process.exit(1));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  const own = hosts.use(await ownHost());
  const their = hosts.use(start === undefined ? runningHost(url) : await startedHost(url, shell(start), {}));
  const servers = [new BenchServer("llamero", own), new BenchServer(name, their)] as const;
  const models = { text: await smollm2(), embedding: await allMiniLm() };
  for (const server of servers) await server.prepare(models);
  const setting = await settingOf(servers, models.text);
  console.log(`${setting.model}; ${setting.machine}; ${setting.date}\n\n${tableHead(setting)}`);
  const load = new ForeignLoad(() => [process.pid, ...own.roots(), ...their.roots()]);
  let report: Report = { samples: [], ...kept, ...setting };
  let salt = Date.now() % SALTS;
  for (const scenario of chosen(scenarios(servers[1].canRestart), only)) {
    const samples = await measure(scenario, servers, Number(pairs), load, () => salt++);
    report = withSamples(report, [samples]);
    await keep(report);
    const row = rowOf(samples);
    console.log(row === undefined ? nothing(scenario, samples.pairs.length) : tableLine(row));
  }
  for (const server of servers) await server.leave();
  return report;
}

/** Scenarios whose name has one of the texts, which have commas between them. */
const chosen = (all: readonly Scenario[], only: string): Scenario[] =>
  all.filter(({ name }) => only.split(",").some((text) => name.includes(text)));

const shell = (command: string): string[] => ["sh", "-c", `exec ${command}`];
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
