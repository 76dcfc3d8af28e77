import { STORE_FAILURES, WRITE_FAILURES } from "../../../wire/documented-failures.ts";
import { describeRoute, example, jsonReplyOf } from "../../docs/describe.ts";
import { ResponseStreamEvent } from "../model/event.ts";
import { InputItemList } from "../model/item.ts";
import { DeletedResponse, ResponseObject } from "../model/response.ts";
import { notFoundText, responseExample } from "./samples.ts";

/** GET /v1/responses/:id. */
export const retrieveDocs = describeRoute({
  operationId: "retrieveResponse",
  summary: "Find a response (OpenAI)",
  description:
    "A response that is kept. With `stream=true` it is told once more as a stream of events, in which every text comes in one piece.",
  tag: "openai",
  replies: {
    200: {
      description: "The response, or its events.",
      content: {
        "application/json": {
          schema: ResponseObject,
          examples: { whole: example("The response", responseExample) },
        },
        "text/event-stream": {
          schema: ResponseStreamEvent,
          examples: {
            completed: example("The last event", {
              type: "response.completed",
              sequence_number: 8,
              response: responseExample,
            }),
          },
        },
      },
    },
  },
  failures: {
    400: "starting_after must be the sequence_number of an event",
    404: notFoundText,
    ...STORE_FAILURES,
  },
});

/** DELETE /v1/responses/:id. */
export const deleteDocs = describeRoute({
  operationId: "deleteResponse",
  summary: "Delete a response (OpenAI)",
  description:
    "Its items are gone with it. Responses that continue it can still be asked for, and no longer be continued.",
  tag: "openai",
  replies: {
    200: jsonReplyOf("It is gone.", DeletedResponse, {
      gone: example("It is gone", { id: responseExample.id, object: "response", deleted: true }),
    }),
  },
  failures: { 404: notFoundText, ...WRITE_FAILURES },
});

/** GET /v1/responses/:id/input_items. */
export const inputItemsDocs = describeRoute({
  operationId: "listResponseInputItems",
  summary: "List the input of a response (OpenAI)",
  description: "The items of its own request, without those of the responses that it continues.",
  tag: "openai",
  replies: {
    200: jsonReplyOf("A page of items.", InputItemList, {
      one: example("One item", {
        object: "list",
        data: [
          {
            id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
            type: "message",
            status: "completed",
            role: "user",
            content: [{ type: "input_text", text: "Why is the sky blue?" }],
          },
        ],
        first_id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
        last_id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
        has_more: false,
      }),
    }),
  },
  failures: { 400: "limit must be an integer between 1 and 100", 404: notFoundText, ...STORE_FAILURES },
});

/** POST /v1/responses/:id/cancel. */
export const cancelDocs = describeRoute({
  operationId: "cancelResponse",
  summary: "Cancel a response (OpenAI)",
  description:
    "Always refused: only responses in the background can be cancelled, and there are none. Closing the connection stops a response.",
  tag: "openai",
  replies: {
    200: jsonReplyOf("Never here: the response that was cancelled.", ResponseObject, {
      whole: example("A response", responseExample),
    }),
  },
  failures: { 400: "Cannot cancel a synchronous response.", 404: notFoundText, ...STORE_FAILURES },
});
