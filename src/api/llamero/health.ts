import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import type { LlameroDeps } from "./deps.ts";

const line = Type.String({ description: "A line of text." });

const plainText = (description: string) => ({ description, content: { "text/plain": line } });

const healthDocs = describeNativeRoute({
  operationId: "isHealthy",
  summary: "Is the process alive?",
  description: "For whoever restarts what does not answer. It looks at nothing but the event loop.",
  tag: "server",
  replies: { 200: plainText("It is.") },
  failures: {},
});

const readyDocs = describeNativeRoute({
  operationId: "isReady",
  summary: "Does the server take requests?",
  description:
    "For balancers: 503 from SIGTERM on, while requests under way come to their end. Before the server is ready it does not listen.",
  tag: "server",
  replies: { 200: plainText("It does."), 503: plainText("It does not, and why.") },
  failures: {},
});

const metricsDocs = describeNativeRoute({
  operationId: "metrics",
  summary: "Metrics for Prometheus",
  description:
    "Prometheus' text format; docs/observability.md lists the metrics. To scrape loads no model. As with all that tells of other callers, the caller has to be on the server's machine or in its private network, or to carry a key that may manage.",
  tag: "server",
  replies: {
    200: plainText("The metrics."),
  },
  failures: {},
});

/** GET /healthz, /readyz and /metrics. */
export const healthRoutes = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.health" })
    .get("/healthz", ({ request, server }) => exchange(request, server, deps).text("ok"), {
      detail: healthDocs,
    })
    .get(
      "/readyz",
      ({ request, server }) => {
        const { reason } = deps.readiness;
        const call = exchange(request, server, deps);
        return reason === undefined ? call.text("ok") : call.text(reason, { status: 503 });
      },
      { detail: readyDocs },
    )
    .get(
      "/metrics",
      async ({ request, server }) => {
        const { contentType, text } = await deps.metrics.expose();
        return exchange(request, server, deps).text(text, { type: contentType });
      },
      { detail: metricsDocs },
    );
