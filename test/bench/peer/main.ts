/**
 * llamero beside any server with Ollama's API: `bun run bench --peer NAME=URL [--pairs 5] [--only TEXT] [--svg FILE]`. The peer is somebody
 * else's process and is left as it is, but for three models named `llamero-bench-…`; ours is started here, with its defaults.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { allMiniLm, smollm2 } from "../../support/models.ts";
import { startServer } from "../../support/server.ts";
import { type Compared, compare } from "./compare.ts";
import { figureSvg } from "./figure.ts";
import { SCENARIOS } from "./scenarios.ts";
import { BenchServer } from "./server.ts";

const DEFAULT_PAIRS = 5;

/** Reads the flags. @throws Error for a peer without a name or a URL. */
function flags() {
  const { values } = parseArgs({
    options: {
      peer: { type: "string" },
      pairs: { type: "string", default: String(DEFAULT_PAIRS) },
      only: { type: "string", default: "" },
      svg: { type: "string" },
    },
  });
  const [, name, url] = /^([^=]+)=(https?:\/\/.+?)\/*$/.exec(values.peer ?? "") ?? [];
  if (name === undefined || url === undefined)
    throw new Error("--peer takes NAME=URL, e.g. ollama=http://127.0.0.1:11435");
  return { name, url, pairs: Number(values.pairs), only: values.only, svg: values.svg };
}

function line({ scenario, ours, theirs, ratio, pairs, rejected }: Compared): string {
  const cell = (value: number) => `${value.toFixed(1)} ${scenario.unit}`;
  return `| ${scenario.name} | ${cell(ours)} | ${cell(theirs)} | ${ratio.toFixed(2)} | ${pairs} | ${rejected} |`;
}

/** Runs the comparison and prints it as a Markdown table. */
export async function benchPeer(): Promise<void> {
  const { name, url, pairs, only, svg } = flags();
  await using own = await startServer();
  const servers = [new BenchServer("llamero", own.url), new BenchServer(name, url)] as const;
  const models = { text: await smollm2(), embedding: await allMiniLm() };
  for (const server of servers) await server.prepare(models);
  const [version, peerVersion] = await Promise.all(servers.map((server) => server.version()));
  const processors = cpus();
  const machine = `${processors[0]?.model ?? "unknown processor"}, ${processors.length} cores`;
  const setting = {
    ours: "llamero",
    theirs: `${name} (says version ${peerVersion})`,
    machine,
    date: new Date().toISOString().slice(0, 10),
  };
  console.log(`llamero (says version ${version}) and ${setting.theirs}; ${machine}; ${setting.date}\n`);
  console.log(
    `| scenario | llamero | ${name} | times as fast | pairs | rejected |\n| --- | --- | --- | --- | --- | --- |`,
  );
  let salt = 1000;
  const rows: Compared[] = [];
  for (const scenario of SCENARIOS.filter((each) => each.name.includes(only))) {
    const row = await compare(scenario, servers, pairs, () => salt++);
    if (row === undefined) console.log(`| ${scenario.name} | no quiet moment | | | 0 | |`);
    else {
      rows.push(row);
      console.log(line(row));
    }
  }
  if (svg !== undefined) await Bun.write(svg, figureSvg(rows, setting));
}
