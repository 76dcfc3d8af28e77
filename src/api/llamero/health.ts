import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { describeRoute, example } from "../wire/describe-native.ts";
import { textReply } from "../wire/reply.ts";
import type { LlameroDeps } from "./deps.ts";

const line = Type.String({ description: "A line of text." });

const said = (description: string, text: string) => ({
  description,
  content: { "text/plain": { schema: line, examples: { line: example("The line", text) } } },
});

const healthDocs = describeRoute({
  operationId: "isHealthy",
  summary: "Is the process alive?",
  description: "For whoever restarts what does not answer. It looks at nothing but the event loop.",
  tag: "server",
  replies: { 200: said("It is.", "ok") },
  failures: {},
});

const readyDocs = describeRoute({
  operationId: "isReady",
  summary: "Does the server take requests?",
  description:
    "For balancers: 503 from SIGTERM on, while requests under way come to their end. Before the server is ready it does not listen.",
  tag: "server",
  replies: { 200: said("It does.", "ok"), 503: said("It does not, and why.", "stopping") },
  failures: {},
});

const metricsDocs = describeRoute({
  operationId: "metrics",
  summary: "Metrics for Prometheus",
  description:
    "Prometheus' text format; docs/observability.md lists the metrics. To scrape loads no model. As with all that tells of other callers, the caller has to be on the server's machine or in its private network, or to carry a key that may manage.",
  tag: "server",
  replies: {
    200: said(
      "The metrics.",
      '# TYPE llamero_requests_total counter\nllamero_requests_total{route="/api/chat"} 7',
    ),
  },
  failures: {},
});

/** GET /healthz, /readyz and /metrics. */
export const healthRoutes = ({ readiness, metrics }: LlameroDeps) =>
  new Elysia({ name: "llamero.health" })
    .get("/healthz", () => textReply("ok"), { detail: healthDocs })
    .get(
      "/readyz",
      () => (readiness.reason === undefined ? textReply("ok") : textReply(readiness.reason, 503)),
      {
        detail: readyDocs,
      },
    )
    .get(
      "/metrics",
      async () => {
        const { contentType, text } = await metrics.expose();
        return new Response(text, { headers: { "content-type": contentType } });
      },
      { detail: metricsDocs },
    );
