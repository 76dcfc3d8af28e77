import { Counter, Gauge, type Registry } from "prom-client";
import type { Engine, ResidentModel } from "../../engine/port.ts";
import type { PullReport } from "../../registry/puller.ts";
import type { BoundedLabel } from "./bounded-label.ts";

/** The sources of metrics that are read at each scrape. Reading them never loads a model. */
export interface MetricSources {
  engine: Pick<Engine, "resident" | "queue" | "totals">;
  puller: { list(): PullReport[] };
  /** llamero's own version. */
  version: string;
  /** When the server was started, in milliseconds since the epoch. */
  startedAt: number;
}

type Read<L extends string> = () => [labels: Partial<Record<L, string>>, value: number][];

/** The common part of a gauge and a counter. */
interface Collected<L extends string> {
  reset(): void;
  inc(labels: Partial<Record<L, string>>, value: number): void;
}

/** Registers all metrics that are read at each scrape, not counted. */
export function gauges(register: Registry, sources: MetricSources, models: BoundedLabel): void {
  const reading = <L extends string>(name: string, help: string, labelNames: L[], read: Read<L>) => ({
    name,
    help,
    labelNames,
    registers: [register],
    collect(this: Collected<L>) {
      this.reset();
      for (const [labels, value] of read()) this.inc({ ...labels }, value);
    },
  });
  const gauge: Registering = (...what) => new Gauge(reading(...what));
  const counter: Registering = (...what) => new Counter(reading(...what));
  modelGauges(gauge, sources, models);
  engineCounters(counter, sources);
  processMetrics(gauge, counter, sources);
}

type Registering = <L extends string>(name: string, help: string, labelNames: L[], read: Read<L>) => unknown;

function modelGauges(gauge: Registering, { engine, puller }: MetricSources, models: BoundedLabel): void {
  const each =
    <L extends string>(read: (resident: ResidentModel, model: string) => ReturnType<Read<L>>): Read<L> =>
    () =>
      engine.resident().flatMap((resident) => read(resident, models.of(resident.spec.name)));

  gauge("llamero_queue_requests", "Requests that wait, by class.", ["class"], () => {
    const queue = engine.queue();
    const batch = queue.filter((request) => request.batch).length;
    return [
      [{ class: "interactive" }, queue.length - batch],
      [{ class: "batch" }, batch],
    ];
  });
  gauge("llamero_models_loaded", "Models in memory, by state.", ["state"], () => {
    const states = engine.resident().map(({ state }) => state);
    const count = (state: ResidentModel["state"]) => states.filter((each) => each === state).length;
    return (["loading", "ready", "unloading"] as const).map((state) => [{ state }, count(state)]);
  });
  gauge(
    "llamero_slots",
    "Slots of loaded models, by whether a request has them.",
    ["model", "state"],
    each(({ info, active }, model) => [
      [{ model, state: "busy" }, active],
      [{ model, state: "free" }, Math.max(0, (info?.parallel ?? 0) - active)],
    ]),
  );
  gauge(
    "llamero_model_memory_bytes",
    "Memory of loaded models: of the machine or of a GPU.",
    ["model", "kind"],
    each(({ memoryBytes, info }, model) => [
      [{ model, kind: "ram" }, memoryBytes - (info?.sizeVramBytes ?? 0)],
      [{ model, kind: "vram" }, info?.sizeVramBytes ?? 0],
    ]),
  );
  gauge(
    "llamero_cache_bytes",
    "Prompts of loaded models that no slot holds, by tier.",
    ["model", "tier"],
    each(({ cache }, model) => [
      [{ model, tier: "memory" }, cache?.memoryBytes ?? 0],
      [{ model, tier: "disk" }, cache?.diskBytes ?? 0],
    ]),
  );
  gauge("llamero_pulls", "Pulls that are remembered, by state.", ["state"], () => {
    const pulls = puller.list();
    const count = (state: PullReport["state"]) => pulls.filter((pull) => pull.state === state).length;
    return (["running", "paused", "failed", "done"] as const).map((state) => [{ state }, count(state)]);
  });
}

function engineCounters(counter: Registering, { engine }: MetricSources): void {
  counter("llamero_model_loads_total", "Loads of models, by how they went.", ["result"], () => {
    const { loads, failedLoads } = engine.totals();
    return [
      [{ result: "loaded" }, loads],
      [{ result: "failed" }, failedLoads],
    ];
  });
  counter("llamero_model_load_seconds_total", "Seconds that loads took.", [], () => [
    [{}, engine.totals().loadSeconds],
  ]);
  counter("llamero_model_unloads_total", "Models that were told to leave, by why.", ["reason"], () =>
    Object.entries(engine.totals().unloads).map(([reason, count]) => [{ reason }, count]),
  );
  counter("llamero_model_evictions_total", "Models that had to make room for others.", [], () => {
    const { evict, memory } = engine.totals().unloads;
    return [[{}, evict + memory]];
  });
  counter("llamero_runner_crashes_total", "Runners that died unasked.", [], () => [
    [{}, engine.totals().crashes],
  ]);
  counter("llamero_runner_restarts_total", "Runners that were started again after that.", [], () => [
    [{}, engine.totals().restarts],
  ]);
}

function processMetrics(
  gauge: Registering,
  counter: Registering,
  { version, startedAt }: MetricSources,
): void {
  gauge("llamero_build_info", "Which server this is.", ["version"], () => [[{ version }, 1]]);
  gauge("process_start_time_seconds", "When the server was started, seconds since the epoch.", [], () => [
    [{}, startedAt / 1000],
  ]);
  gauge("process_resident_memory_bytes", "Memory of the server's own process.", [], () => [
    [{}, process.memoryUsage.rss()],
  ]);
  counter("process_cpu_seconds_total", "Processor time of the server's own process.", [], () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / 1e6]];
  });
}
