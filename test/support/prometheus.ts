import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptUnpack } from "../../scripts/support/apt.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { collect, freePort } from "./server.ts";

/** Debian's Prometheus on loopback, scraping one server every second into a folder of its own. */
export interface Prometheus extends AsyncDisposable {
  /** The values of a query, now. @throws Error where Prometheus refuses it. */
  query(expression: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  /** What `promtool check metrics` says of a scrape; "" for nothing. */
  check(metrics: string): Promise<string>;
}

const START_LIMIT_MS = 30_000;
const POLL_MS = 100;

interface QueryReply {
  status: string;
  error?: string;
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

/** @param target `host:port` of the server. @throws Error where Prometheus cannot be had, or does not start. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const programs = await findPrograms();
  const directory = await mkdtemp(join(tmpdir(), "llamero-prometheus-"));
  const config = join(directory, "prometheus.yml");
  await writeFile(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: llamero\n    static_configs: [{ targets: ["${target}"] }]\n`,
  );
  const url = `http://127.0.0.1:${freePort()}`;
  const child = Bun.spawn(
    [
      join(programs, "prometheus"),
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      `--web.listen-address=${url.slice(7)}`,
    ],
    { cwd: directory, stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  );
  const log = collect(child.stderr);
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilReady(url, child);
  } catch (error) {
    await stop();
    throw new Error(`prometheus did not start: ${String(error)}\n${log()}`);
  }
  return {
    query: (expression) => query(url, expression),
    check: (metrics) => check(join(programs, "promtool"), metrics),
    [Symbol.asyncDispose]: stop,
  };
}

/** The folder that has `prometheus` and `promtool`. */
async function findPrograms(): Promise<string> {
  const root = await makeOnce(cachePath("prometheus-debian"), "usr/bin/prometheus", async (target) => {
    await mkdir(target);
    await aptUnpack("prometheus", target, "Prometheus is needed for its test");
  });
  return join(root, "usr/bin");
}

async function untilReady(url: string, child: Bun.Subprocess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const reply = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (reply?.ok) return;
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`no answer within ${START_LIMIT_MS} ms`);
}

async function query(url: string, expression: string) {
  const reply = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { status, error, data } = (await reply.json()) as QueryReply;
  if (status !== "success") throw new Error(`${expression}: ${error}`);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

async function check(promtool: string, metrics: string): Promise<string> {
  const child = Bun.spawn([promtool, "check", "metrics"], {
    stdin: new Blob([metrics]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return out + err;
}
