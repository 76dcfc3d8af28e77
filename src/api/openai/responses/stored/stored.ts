import { Elysia } from "elysia";
import { badRequest, notFound } from "../../../../lib/errors.ts";
import { type Exchange, exchange } from "../../../exchange.ts";
import { explained } from "../../../wire/body.ts";
import type { ServerSentEvent } from "../../../wire/sse.ts";
import type { ResponseDeps } from "../deps.ts";
import { cancelDocs, deleteDocs, inputItemsDocs, retrieveDocs } from "../docs/stored.ts";
import { ResponseStreamEvent } from "../model/event.ts";
import { InputItemList } from "../model/item.ts";
import { DeletedResponse, ResponseObject } from "../model/response.ts";
import { PageQuery, ResponsePath, RetrieveQuery } from "../model/stored.ts";
import { EventNumbers } from "../output/event-stream.ts";
import { errorEvent } from "../output/response-run.ts";
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

/** Only responses in the background can be cancelled; of others, the client leaves. */
function cancel(id: string, { responses }: ResponseDeps): never {
  findStored(id, responses);
  throw badRequest("Cannot cancel a synchronous response.");
}

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
