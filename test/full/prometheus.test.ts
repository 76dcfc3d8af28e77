/** A real Prometheus scrapes a real server; the dashboard is one by Grafana's own types, and its queries are asked of Prometheus. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_MODULES } from "../../scripts/support/paths.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { type Prometheus, startPrometheus } from "../support/prometheus.ts";
import { runCommand } from "../support/run-program.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 300_000;
const WAIT_MS = 30_000;

/** The query's only value, once it is what is waited for. */
async function eventually(prometheus: Prometheus, expression: string, expected: number): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    const found = await prometheus.query(expression);
    last = found.map(({ value }) => value);
    if (found.length === 1 && found[0]?.value === expected) return;
    await Bun.sleep(200);
  }
  expect(last).toEqual([expected]);
}

const DASHBOARD = readFileSync(join(import.meta.dir, "../../deploy/grafana/llamero.json"), "utf8");

interface Dashboard {
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { refId: string; expr: string }[];
  }[];
}
const dashboard = JSON.parse(DASHBOARD) as Dashboard;

/** All queries of the dashboard, filled in as Grafana does. */
function dashboardQueries(): string[] {
  const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const variables: Record<string, string> = { instance: ".*", model: ".*", __rate_interval: "30s" };
  return queries.map((query) => query.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? ""));
}

/**
 * Goes on working until every query of the dashboard has had something to show; a rate takes two scrapes.
 *
 * @returns the queries that had nothing.
 */
async function unanswered(prometheus: Prometheus, work: () => Promise<void>): Promise<string[]> {
  const deadline = Date.now() + 2 * WAIT_MS;
  let left = dashboardQueries();
  expect(left.length).toBeGreaterThan(20);
  while (left.length > 0 && Date.now() < deadline) {
    await work();
    const values = await Promise.all(left.map((query) => prometheus.query(query)));
    left = left.filter((_, at) => !values[at]!.some(({ value }) => Number.isFinite(value)));
  }
  return left;
}

async function post(server: TestServer, path: string, body: object): Promise<void> {
  const reply = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  await reply.arrayBuffer();
}

test(
  "scraped by Prometheus",
  async () => {
    await using server = await startServer();
    await using prometheus = await startPrometheus(`127.0.0.1:${server.port}`);
    await eventually(prometheus, "up", 1);
    await eventually(prometheus, "sum(llamero_models_loaded)", 0);
    await createModel(server, "chatty", await smollm2());
    const ask = () =>
      fetch(`${server.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify({
          model: "chatty",
          prompt: "Why is the sky blue? ".repeat(20),
          stream: false,
          options: { num_predict: 8, temperature: 0 },
        }),
      }).then((reply) => reply.json() as Promise<{ eval_count: number; prompt_eval_count: number }>);
    const answers = [await ask(), await ask()];
    const generated = answers.reduce((sum, { eval_count }) => sum + eval_count, 0);

    await eventually(prometheus, 'llamero_output_tokens_total{model="chatty:latest"}', generated);
    await eventually(prometheus, 'llamero_requests_total{route="/api/generate",status="200"}', 2);
    await eventually(prometheus, "sum(llamero_time_to_first_token_seconds_count)", 2);
    await eventually(prometheus, 'llamero_models_loaded{state="ready"}', 1);
    await eventually(prometheus, 'llamero_slots{state="free"}', 1);
    await eventually(prometheus, 'llamero_model_loads_total{result="loaded"}', 1);
    await eventually(prometheus, 'llamero_cache_lookups_total{tier="slot"}', 1);
    const one = async (expression: string) => (await prometheus.query(expression))[0]?.value ?? 0;
    expect(await one('llamero_cached_tokens_total{tier="slot"}')).toBeGreaterThan(50);
    expect(await one("llamero_batch_tokens_total")).toBeGreaterThan(generated);
    expect(await one("llamero_batch_tokens_total / llamero_batch_capacity_tokens_total")).toBeLessThanOrEqual(
      1,
    );
    expect(await one('llamero_model_memory_bytes{kind="ram"}')).toBeGreaterThan(50e6);

    const scrape = await (await fetch(`${server.url}/metrics`)).text();
    expect(await prometheus.check(scrape)).toBe("");

    await createModel(server, "absent-minded", await allMiniLm());
    const silent = await unanswered(prometheus, async () => {
      await ask();
      await post(server, "/api/embed", { model: "absent-minded", input: ["a", "b"] });
      await post(server, "/api/chat", { model: "nobody", messages: [] });
    });
    expect(silent).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "the dashboard is one by the types that Grafana publishes",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "llamero-dashboard-"));
    try {
      await symlink(NODE_MODULES, join(folder, "node_modules"));
      // As text of a program: of imported JSON the compiler does not know the words of an enumeration.
      const head = 'import type { Dashboard } from "@grafana/schema";\nexport const dashboard: Dashboard = ';
      await Bun.write(join(folder, "dashboard.ts"), head + DASHBOARD);
      const flags =
        "--noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --target esnext";
      const tsc = [join(NODE_MODULES, ".bin/tsc"), ...flags.split(" "), join(folder, "dashboard.ts")];
      const { code, stdout } = await runCommand(tsc, { cwd: folder, env: { PATH: process.env.PATH } });
      expect([code, stdout]).toEqual([0, ""]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  LIMIT_MS,
);

test("its panels and their queries have ids of their own, and no panel lies on another", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { targets = [] } of panels)
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false]);
        taken.add(`${x} ${y}`);
      }
    }
  }
});
