import type { RequestRecord } from "../request-record.ts";
import type { Exposition } from "./exposition.ts";
import type { MetricSources } from "./gauges.ts";

/** Requests that are remembered until somebody scrapes. A server with more than that is no small one. */
const MOST_EARLY = 1000;

/** Both halves of the metrics, once prom-client is there. */
interface Registered {
  observe(record: RequestRecord): void;
  expose(): Promise<Exposition>;
}

/**
 * The server's metrics, for Prometheus. prom-client is loaded at the first scrape, because it takes a fifth of the memory of an idle
 * server; requests before that are remembered and counted then.
 */
export class Metrics {
  readonly #sources: MetricSources;
  #early: RequestRecord[] = [];
  #loading: Promise<Registered> | undefined;
  #registered: Registered | undefined;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  record(record: RequestRecord): void {
    if (this.#registered !== undefined) {
      this.#registered.observe(record);
      return;
    }
    this.#early.push(record);
    if (this.#early.length < MOST_EARLY) return;
    // Where prom-client cannot be loaded, the scraper gets the reason.
    this.#load().catch(() => this.#early.splice(0));
  }

  /** All metrics in Prometheus' text format. */
  async expose(): Promise<Exposition> {
    return (await this.#load()).expose();
  }

  #load(): Promise<Registered> {
    this.#loading ??= this.#register();
    return this.#loading;
  }

  async #register(): Promise<Registered> {
    const { register } = await import("./register.ts");
    const registered = register(this.#sources);
    for (const record of this.#early) registered.observe(record);
    this.#early = [];
    this.#registered = registered;
    return registered;
  }
}
