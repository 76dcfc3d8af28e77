import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Logger } from "../../lib/logger.ts";

type Export = Parameters<SpanExporter["export"]>;

/** An exporter that logs when the collector takes no spans, and when it does again: once each, however many are lost in between. */
export class ToldExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #logger: Logger;
  #isDown = false;

  constructor(exporter: SpanExporter, logger: Logger) {
    this.#exporter = exporter;
    this.#logger = logger;
  }

  export(spans: Export[0], onResult: Export[1]): void {
    this.#exporter.export(spans, (result) => {
      this.#note(result);
      onResult(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  #note({ code, error }: Parameters<Export[1]>[0]): void {
    const isDown = code !== 0;
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    if (isDown)
      this.#logger.warn("traces are lost: the collector does not take them", { error: error?.message });
    else this.#logger.info("the collector takes traces again");
  }
}
