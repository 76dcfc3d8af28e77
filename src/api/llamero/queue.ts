import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { count, reply, replyText } from "../wire/reply-fields.ts";
import type { LlameroDeps } from "./deps.ts";

const QueueEntry = reply("QueuedRequest", "A request that waits.", {
  position: count("Its place, from 1, as things stand."),
  model: replyText("Name of the model that it waits for."),
  waits_for: Type.Union(
    [
      Type.Literal("slot", { description: "Its model is loaded and every slot is taken." }),
      Type.Literal("load", { description: "Its model is being loaded." }),
      Type.Literal("room", {
        description: "Its model is not loaded, or with other options, and another one has to end first.",
      }),
    ],
    { description: "What it waits for." },
  ),
  waiting_ms: count("Milliseconds that it has waited."),
  batch: Type.Boolean({ description: "Many inputs at once: interactive requests go before it." }),
  yours: Type.Boolean({ description: "It comes from the caller that asks." }),
});

const QueueReply = reply("QueueResponse", "The requests that wait, the next one first.", {
  queued: Type.Array(QueueEntry, {
    description: "In the order in which they will be served, as things stand.",
  }),
});

const queueDocs = describeNativeRoute({
  operationId: "listQueue",
  summary: "List waiting requests",
  description:
    "The requests that wait for their model or for a slot, in the order in which they will be served as things stand: interactive ones before batches, callers in turn, and of one caller first come, first served.",
  tag: "models",
  replies: {
    200: oneObject("The queue.", QueueReply),
  },
  failures: {},
});

/** GET /api/queue: the requests that wait, and for what. Other callers are not named. */
export const queueRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.queue" }).get(
    "/api/queue",
    ({ request, server }) => {
      const call = exchange(request, server, deps);
      const queued = deps.engine.queue().map((each, at) => ({
        position: at + 1,
        model: each.model,
        waits_for: each.waitsFor,
        waiting_ms: each.waitingMs,
        batch: each.batch,
        yours: each.caller === call.caller,
      }));
      return call.json(QueueReply, { queued });
    },
    { response: { 200: QueueReply }, detail: queueDocs },
  );
