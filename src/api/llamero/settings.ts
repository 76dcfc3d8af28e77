import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { localReference } from "../../inference/resolve-model.ts";
import { defined } from "../../lib/defined.ts";
import { badRequest, notFound } from "../../lib/errors.ts";
import { exchange } from "../exchange.ts";
import { explained, jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { flag, integer, model, request } from "../wire/fields.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { count, reply, replyText } from "../wire/reply-fields.ts";
import type { LlameroDeps } from "./deps.ts";

const SettingsRequest = request(
  "SettingsRequest",
  "What to set for a model on this machine. Fields that are left out stay as they are.",
  {
    model,
    keep_alive: Type.Optional(
      Type.Union([Type.Number(), Type.String()], {
        description:
          "How long it stays loaded where a request does not say: seconds, or a duration such as `10m`; negative for ever. An empty text takes it back.",
      }),
    ),
    num_ctx: integer(
      "Context length where a request names none; before the model's PARAMETER. 0 takes it back.",
    ),
    num_parallel: integer("Slots of its runner, instead of OLLAMA_NUM_PARALLEL. 0 takes it back."),
    pinned: flag("Keep it loaded, whatever its keep-alive; a request with keep_alive 0 still unloads it."),
  },
  ["model"],
);

const SettingsQuery = Type.Object(
  { model: Type.Optional(Type.String({ description: "Name of an installed model.", example: "smollm2" })) },
  { additionalProperties: true },
);

const SettingsReply = reply(
  "SettingsResponse",
  "What is set for the model now. What is not set is left out.",
  {
    model: replyText("Name of the model."),
    keep_alive: Type.Optional(
      Type.Union([Type.Number(), Type.String()], { description: "Seconds, or a duration such as `10m`." }),
    ),
    num_ctx: Type.Optional(count("Context length.")),
    num_parallel: Type.Optional(count("Slots.")),
    pinned: Type.Optional(Type.Boolean({ description: "It stays loaded." })),
  },
);

const readDocs = describeNativeRoute({
  operationId: "readModelSettings",
  summary: "What counts for a model on this machine",
  description: "What `PATCH /api/settings` has set for it. A key that may only use models can read it.",
  tag: "models",
  replies: { 200: oneObject("What is set.", SettingsReply) },
  failures: { 400: "model is required", 404: "model 'smollm3' not found", ...STORE_FAILURES },
});

const changeDocs = describeNativeRoute({
  operationId: "setModelSettings",
  summary: "Set what counts for a model on this machine",
  description:
    "Settings belong to the name: they stay when the model is pulled or created anew, and go when it is deleted. They count from the next request on.",
  tag: "models",
  replies: {
    200: oneObject("What is set.", SettingsReply),
  },
  failures: {
    400: "num_ctx must be a whole number from 0 to 2147483647, not -1",
    404: "model 'smollm3' not found",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});

const named = (model = "") => localReference(model, badRequest("model is required"));

const notHere = (raw: string) => notFound(`model '${raw}' not found`);

function read(
  { model }: Static<typeof SettingsQuery>,
  { catalog }: LlameroDeps,
): Static<typeof SettingsReply> {
  const { name, raw } = named(model);
  const found = catalog.resolve(name);
  if (found === undefined) throw notHere(raw);
  return { model: found.shortName, ...found.settings };
}

function change(
  body: Static<typeof SettingsRequest>,
  { catalog }: LlameroDeps,
): Static<typeof SettingsReply> {
  const { name, raw } = named(body.model);
  const { keep_alive, num_ctx, num_parallel, pinned } = body;
  const settings = catalog.configure(name, defined({ keep_alive, num_ctx, num_parallel, pinned }));
  if (settings === undefined) throw notHere(raw);
  return { model: catalog.resolve(name)?.shortName ?? raw, ...settings };
}

/** GET and PATCH /api/settings: a user's settings for a model on this machine. */
export const settingsRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.settings" })
    .get(
      "/api/settings",
      ({ query, request, server }) => exchange(request, server, deps).json(SettingsReply, read(query, deps)),
      { query: explained(SettingsQuery), response: { 200: SettingsReply }, detail: readDocs },
    )
    .patch(
      "/api/settings",
      ({ body, request, server }) => {
        const call = exchange(request, server, deps);
        call.notices.add(unknownFieldNotices(SettingsRequest, body));
        return call.json(SettingsReply, change(body, deps));
      },
      { ...jsonBody(SettingsRequest), response: { 200: SettingsReply }, detail: changeDocs },
    );
