import { Elysia } from "elysia";
import type { ResponseBooks } from "../../../intent/response-books.ts";
import { defined } from "../../../lib/defined.ts";
import { AppError } from "../../../lib/errors.ts";
import { withoutPaths } from "../../../lib/without-paths.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import { SEEING_FAILURES, WRITE_FAILURES } from "../../wire/documented-failures.ts";
import type { NoticeBoard } from "../../wire/notice-board.ts";
import { EMPTY_BODY } from "../../wire/parse-json.ts";
import type { ServerSentEvent } from "../../wire/sse.ts";
import { answerAll, type ChoiceEvent } from "../choices.ts";
import { describeOpenaiRoute } from "../describe.ts";
import { responseDiagnosis } from "./cache-diagnostics.ts";
import type { ResponseDeps } from "./deps.ts";
import { type ResponseTask, translateResponse } from "./input/translate.ts";
import { EventNumbers } from "./output/event-stream.ts";
import { responseId } from "./output/item-ids.ts";
import { responseHead } from "./output/response-object.ts";
import { ResponseRun } from "./output/response-run.ts";
import { ResponseStreamEvent } from "./schema/event.ts";
import { ResponseRequest } from "./schema/request.ts";
import { ResponseObject } from "./schema/response.ts";

/** Keeps a whole response, unless its request has `store: false`. */
const keeper =
  (body: ResponseRequest, { input }: ResponseTask, books: ResponseBooks) =>
  ({ output, ...rest }: ResponseObject): void => {
    if (body.store === false) return;
    const { previous_response_id: previousId } = body;
    const kept = { id: rest.id, ...defined({ previousId }), body: rest, input, output };
    try {
      books.keep(kept);
    } catch (error) {
      // The error of a full disk names the folder, which not every caller may know.
      const { kind, message } = AppError.from(error);
      throw new AppError(kind, `the response could not be kept: ${withoutPaths(message)}`, { cause: error });
    }
  };

function runOf(
  id: string,
  body: ResponseRequest,
  task: ResponseTask,
  notices: NoticeBoard,
  deps: ResponseDeps,
): ResponseRun {
  const { clock, responses } = deps;
  return new ResponseRun({
    ...task,
    head: responseHead(id, body, task.metadata, clock.now()),
    notices,
    clock,
    keep: keeper(body, task, responses),
  });
}

async function whole(run: ResponseRun, answer: AsyncIterable<ChoiceEvent>): Promise<ResponseObject> {
  const events = run.grow(answer);
  while (!(await events.next()).done);
  return run.response;
}

async function* sentEvents(
  run: ResponseRun,
  answer: AsyncIterable<ChoiceEvent>,
  numbers: EventNumbers,
): AsyncGenerator<ServerSentEvent<ResponseStreamEvent>> {
  for await (const event of run.grow(answer)) yield numbers.sent(event);
}

async function reply(
  id: string,
  body: ResponseRequest,
  call: Exchange,
  deps: ResponseDeps,
): Promise<Response> {
  const task = translateResponse(body, ResponseRequest, deps.responses);
  call.notices.add(task.notices);
  const run = runOf(id, body, task, call.notices, deps);
  const diagnosis = responseDiagnosis(body, id);
  const answer = answerAll([{ ...task.intent, diagnosis }], deps, call);
  if (!body.stream) return call.json(ResponseObject, await whole(run, answer));
  const numbers = new EventNumbers();
  return call.events(ResponseStreamEvent, sentEvents(run, answer, numbers), {
    failure: (error) => numbers.sent(run.failure(error)),
  });
}

const createResponseDocs = describeOpenaiRoute({
  operationId: "createResponse",
  summary: "Respond to a conversation (OpenAI)",
  description:
    "OpenAI's Responses API. Whole responses are kept for 30 days after they were made or last continued, unless `store` is false: `previous_response_id` continues one, with its whole conversation and without its instructions. What failed, or was left by its client, is not kept. A conversation in which a response has been deleted cannot be continued after it. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Closing the connection stops the response.",
  tag: "openai",
  replies: {
    200: {
      description:
        "One JSON object, or with `stream` a `text/event-stream` in which each event has its type as its name. The last one is `response.completed`, `response.incomplete` or `response.failed`. While the model is silent, a comment is sent every 10 seconds.",
      content: { "application/json": ResponseObject, "text/event-stream": ResponseStreamEvent },
    },
  },
  failures: {
    400: "one of input and previous_response_id is required",
    404: "model 'smollm3' not found",
    ...WRITE_FAILURES,
    ...SEEING_FAILURES,
  },
});

/** POST /v1/responses (docs/behaviour: api-openai §7). */
export const createResponseRoute = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses.create" }).post(
    "/v1/responses",
    ({ body, request, server }) => reply(responseId(request), body, exchange(request, server, deps), deps),
    {
      ...jsonBody(ResponseRequest, EMPTY_BODY),
      response: { 200: ResponseObject },
      detail: createResponseDocs,
    },
  );
