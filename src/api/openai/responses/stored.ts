import { Elysia } from "elysia";
import { badRequest, notFound } from "../../../lib/errors.ts";
import { jsonReply } from "../../wire/reply.ts";
import { type ServerSentEvent, sseReply } from "../../wire/sse.ts";
import { errorBody } from "../render-error.ts";
import { RequestError } from "../request-error.ts";
import type { ResponseDeps } from "./deps.ts";
import { cancelDocs, deleteDocs, inputItemsDocs, retrieveDocs } from "./docs/stored.ts";
import { EventNumbers } from "./event-stream.ts";
import { findResponse, findStored } from "./find-response.ts";
import { itemPage } from "./item-page.ts";
import { InputItemList } from "./model/item.ts";
import { DeletedResponse, ResponseObject } from "./model/response.ts";
import { replay } from "./replay.ts";

/** Query parameters, as they came. */
type Query = Record<string, string | undefined>;

/** The number of the last event that the client has. */
function startingAfter({ starting_after: after }: Query): number {
  if (after === undefined) return -1;
  if (/^\d+$/.test(after)) return Number(after);
  throw new RequestError("starting_after", "starting_after must be the sequence_number of an event");
}

async function* replayed(response: ResponseObject, after: number): AsyncGenerator<ServerSentEvent> {
  const numbers = new EventNumbers();
  const events = [...replay(response)].map((event) => numbers.sent(event));
  yield* events.slice(after + 1);
}

async function retrieve(id: string, query: Query, deps: ResponseDeps): Promise<Response> {
  const response = findResponse(id, deps.responses);
  const after = startingAfter(query);
  if (query.stream !== "true") return jsonReply(response);
  return sseReply(replayed(response, after), {
    clock: deps.clock,
    abort: new AbortController(),
    headers: () => ({}),
    failure: (error) => ({ event: "error", data: errorBody(error) }),
  });
}

function remove(id: string, { responses }: ResponseDeps): Response {
  if (!responses.remove(id)) throw notFound(`Response with id '${id}' not found.`);
  return jsonReply({ id, object: "response", deleted: true });
}

/** Only responses in the background can be cancelled; of others, the client leaves. */
function cancel(id: string, { responses }: ResponseDeps): never {
  findStored(id, responses);
  throw badRequest("Cannot cancel a synchronous response.");
}

/** GET and DELETE /v1/responses/:id, its input items, and its cancellation. */
export const storedResponseRoutes = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses.stored" })
    .get("/v1/responses/:id", ({ params, query }) => retrieve(params.id, query, deps), {
      response: { 200: ResponseObject },
      detail: retrieveDocs,
    })
    .delete("/v1/responses/:id", ({ params }) => remove(params.id, deps), {
      response: { 200: DeletedResponse },
      detail: deleteDocs,
    })
    .get(
      "/v1/responses/:id/input_items",
      ({ params, query }) => jsonReply(itemPage(findStored(params.id, deps.responses).input, query)),
      { response: { 200: InputItemList }, detail: inputItemsDocs },
    )
    .post("/v1/responses/:id/cancel", ({ params }) => cancel(params.id, deps), { detail: cancelDocs });
