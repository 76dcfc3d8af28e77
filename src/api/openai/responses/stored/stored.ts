import { Elysia } from "elysia";
import { badRequest, notFound } from "../../../../lib/errors.ts";
import { type Exchange, exchange } from "../../../exchange.ts";
import { explained } from "../../../wire/body.ts";
import { oneObject } from "../../../wire/describe-route.ts";
import { STORE_FAILURES, WRITE_FAILURES } from "../../../wire/documented-failures.ts";
import type { ServerSentEvent } from "../../../wire/sse.ts";
import { describeOpenaiRoute } from "../../describe.ts";
import type { ResponseDeps } from "../deps.ts";
import { EventNumbers } from "../output/event-stream.ts";
import { errorEvent } from "../output/response-run.ts";
import { ResponseStreamEvent } from "../schema/event.ts";
import { InputItemList } from "../schema/item.ts";
import { DeletedResponse, ResponseObject } from "../schema/response.ts";
import { PageQuery, ResponsePath, RetrieveQuery } from "../schema/stored.ts";
import { findInput, findResponse, findStored } from "./find-response.ts";
import { itemPage } from "./item-page.ts";
import { replay } from "./replay.ts";

async function* replayed(
  response: ResponseObject,
  after: number,
  numbers: EventNumbers,
): AsyncGenerator<ServerSentEvent<ResponseStreamEvent>> {
  const events = [...replay(response)].map((event) => numbers.sent(event));
  yield* events.slice(after + 1);
}

async function retrieve(
  id: string,
  query: RetrieveQuery,
  call: Exchange,
  deps: ResponseDeps,
): Promise<Response> {
  const response = findResponse(id, deps.responses);
  if (query.stream !== "true") return call.json(ResponseObject, response);
  const numbers = new EventNumbers();
  return call.events(ResponseStreamEvent, replayed(response, Number(query.starting_after ?? -1), numbers), {
    failure: (error) => numbers.sent(errorEvent(error)),
  });
}

function remove(id: string, call: Exchange, { responses }: ResponseDeps): Response {
  if (!responses.remove(id)) throw notFound(`Response with id '${id}' not found.`);
  return call.json(DeletedResponse, { id, object: "response", deleted: true });
}

/** Only responses in the background could be cancelled, which this server does not have; other ones end when the client leaves. */
function cancel(id: string, { responses }: ResponseDeps): never {
  findStored(id, responses);
  throw badRequest("Cannot cancel a synchronous response.");
}

const NOT_FOUND = "Response with id 'resp_x1r6pb0zq8d3m5k7w2a9c4e6' not found.";

const retrieveDocs = describeOpenaiRoute({
  operationId: "retrieveResponse",
  summary: "Find a response (OpenAI)",
  description:
    "A response that is kept. With `stream=true` it is told once more as a stream of events, in which every text comes in one piece.",
  tag: "openai",
  replies: {
    200: {
      description: "The response, or its events.",
      content: { "application/json": ResponseObject, "text/event-stream": ResponseStreamEvent },
    },
  },
  failures: {
    400: "starting_after must be the sequence_number of an event",
    404: NOT_FOUND,
    ...STORE_FAILURES,
  },
});

const deleteDocs = describeOpenaiRoute({
  operationId: "deleteResponse",
  summary: "Delete a response (OpenAI)",
  description:
    "Its items are gone with it. Responses that continue it can still be asked for, and no longer be continued.",
  tag: "openai",
  replies: { 200: oneObject("It is gone.", DeletedResponse) },
  failures: { 404: NOT_FOUND, ...WRITE_FAILURES },
});

const inputItemsDocs = describeOpenaiRoute({
  operationId: "listResponseInputItems",
  summary: "List the input of a response (OpenAI)",
  description: "The items of its own request, without those of the responses that it continues.",
  tag: "openai",
  replies: { 200: oneObject("A page of items.", InputItemList) },
  failures: { 400: "limit must be an integer between 1 and 100", 404: NOT_FOUND, ...STORE_FAILURES },
});

const cancelDocs = describeOpenaiRoute({
  operationId: "cancelResponse",
  summary: "Cancel a response (OpenAI)",
  description:
    "Always refused: only responses in the background can be cancelled, and there are none. Closing the connection stops a response.",
  tag: "openai",
  replies: { 200: oneObject("Never here: the response that was cancelled.", ResponseObject) },
  failures: { 400: "Cannot cancel a synchronous response.", 404: NOT_FOUND, ...STORE_FAILURES },
});

/** GET and DELETE /v1/responses/:id, its input items, and its cancellation. */
export const storedResponseRoutes = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses.stored" })
    .get(
      "/v1/responses/:id",
      ({ params, query, request, server }) =>
        retrieve(params.id, query, exchange(request, server, deps), deps),
      {
        params: explained(ResponsePath),
        query: explained(RetrieveQuery),
        response: { 200: ResponseObject },
        detail: retrieveDocs,
      },
    )
    .delete(
      "/v1/responses/:id",
      ({ params, request, server }) => remove(params.id, exchange(request, server, deps), deps),
      { params: explained(ResponsePath), response: { 200: DeletedResponse }, detail: deleteDocs },
    )
    .get(
      "/v1/responses/:id/input_items",
      ({ params, query, request, server }) =>
        exchange(request, server, deps).json(
          InputItemList,
          itemPage(findInput(params.id, deps.responses), query),
        ),
      {
        params: explained(ResponsePath),
        query: explained(PageQuery),
        response: { 200: InputItemList },
        detail: inputItemsDocs,
      },
    )
    .post("/v1/responses/:id/cancel", ({ params }) => cancel(params.id, deps), {
      params: explained(ResponsePath),
      detail: cancelDocs,
    });
