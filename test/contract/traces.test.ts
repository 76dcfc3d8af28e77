import { describe, expect, test } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { openTraces } from "../../src/telemetry/traces/traces.ts";
import { type CollectedSpan, startCollector } from "../support/collector.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";

const chat = { model: "test", messages: [{ role: "user", content: "xyzzy" }] };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

/** What the collector gets of the requests that `use` makes. */
async function traced(
  use: (app: FakeApp) => Promise<void>,
  env: Record<string, string> = {},
): Promise<CollectedSpan[]> {
  using collector = startCollector();
  const logger = createLogger("error", "text", () => {});
  const options = {
    endpoint: collector.url,
    serviceName: "llamero",
    version: "1.2.3",
    logger,
    clock: systemClock,
  };
  const traces = await openTraces(options);
  const app = fakeApp(undefined, env, traces);
  await use(app);
  await Bun.sleep(0);
  await traces[Symbol.asyncDispose]();
  expect(new Set(collector.paths)).toEqual(new Set(collector.spans.length > 0 ? ["/v1/traces"] : []));
  return collector.spans;
}

async function ask(app: FakeApp, headers: Record<string, string> = {}): Promise<void> {
  await (await app.send("POST", "/api/chat", chat, headers)).text();
}

describe("traces", () => {
  test("a span for the request and one for the model, in the client's trace", async () => {
    const spans = await traced(async (app) => {
      app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 3, cache: { source: "slot", reused: 3 } }];
      await ask(app, { traceparent: `00-${TRACE}-${PARENT}-01`, "x-request-id": "r-1" });
    });
    const request = spans.find(({ name }) => name === "POST /api/chat");
    const work = spans.find(({ name }) => name === "chat test:latest");
    expect(request).toMatchObject({
      traceId: TRACE,
      parentSpanId: PARENT,
      kind: 2,
      attributes: {
        "http.route": "/api/chat",
        "http.response.status_code": 200,
        "llamero.request.id": "r-1",
      },
      resource: { "service.name": "llamero", "service.version": "1.2.3" },
    });
    expect(work).toMatchObject({
      traceId: TRACE,
      parentSpanId: request?.spanId,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "test:latest",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 2,
        "gen_ai.usage.cache_read.input_tokens": 3,
      },
    });
    expect(work?.events.map(({ name }) => name)).toEqual(["first token"]);
    expect(JSON.stringify(spans)).not.toContain("xyzzy");
  });

  test("prompts and answers where they are asked for", async () => {
    const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" };
    const spans = await traced(async (app) => {
      app.engine.replies = [{ texts: ["an ", "answer"] }];
      await ask(app);
    }, env);
    const { attributes } = spans.find(({ name }) => name === "chat test:latest")!;
    expect(String(attributes["gen_ai.input.messages"])).toContain("xyzzy");
    expect(JSON.parse(String(attributes["gen_ai.output.messages"]))).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "an answer" }] },
    ]);
  });

  test("what failed has an error status and its kind", async () => {
    const spans = await traced(async (app) => {
      app.engine.acquireError = new AppError("busy", "server busy");
      await ask(app);
    });
    expect(spans.find(({ kind }) => kind === 2)).toMatchObject({
      status: { code: 2, message: "server busy" },
      attributes: { "error.type": "busy" },
    });
  });

  test("what the client does not sample is not sent, and a broken traceparent begins a trace of its own", async () => {
    const spans = await traced(async (app) => {
      await ask(app, { traceparent: `00-${TRACE}-${PARENT}-00` });
      await ask(app, { traceparent: `00-${"0".repeat(32)}-${PARENT}-01` });
      await ask(app, { traceparent: `ff-${TRACE}-${PARENT}-01` });
    });
    expect(spans).toHaveLength(4);
    expect(spans.map(({ traceId }) => traceId)).not.toContain(TRACE);
  });

  test("a collector that is not there costs no answer", async () => {
    const logger = createLogger("error", "text", () => {});
    const options = {
      endpoint: "http://127.0.0.1:9",
      serviceName: "x",
      version: "1",
      logger,
      clock: systemClock,
    };
    const traces = await openTraces(options);
    const app = fakeApp(undefined, {}, traces);
    const reply = await app.send("POST", "/api/chat", chat);
    expect(reply.status).toBe(200);
    await reply.text();
    await traces[Symbol.asyncDispose]();
  });
});
