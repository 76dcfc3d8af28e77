import { Elysia } from "elysia";
import { defined } from "../../../lib/defined.ts";
import { AppError } from "../../../lib/errors.ts";
import { withoutPaths } from "../../../lib/without-paths.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import type { NoticeBoard } from "../../wire/notice-board.ts";
import { EMPTY_BODY } from "../../wire/parse-json.ts";
import type { ServerSentEvent } from "../../wire/sse.ts";
import { answerAll, type ChoiceEvent } from "../choices.ts";
import { diagnosisOf } from "./cache-diagnostics.ts";
import type { ResponseDeps } from "./deps.ts";
import { createResponseDocs } from "./docs/create.ts";
import { type ResponseTask, translateResponse } from "./input/translate.ts";
import { ResponseStreamEvent } from "./model/event.ts";
import { ResponseRequest } from "./model/request.ts";
import { ResponseObject } from "./model/response.ts";
import { EventNumbers } from "./output/event-stream.ts";
import { responseId } from "./output/item-ids.ts";
import { responseHead } from "./output/response-object.ts";
import { ResponseRun } from "./output/response-run.ts";
import type { ResponseBooks } from "./stored/response-books.ts";

/** Keeps a whole response, unless its request does not want that. */
const keeper =
  (body: ResponseRequest, { input }: ResponseTask, books: ResponseBooks) =>
  ({ output, ...rest }: ResponseObject): void => {
    if (body.store === false) return;
    const { previous_response_id: previousId } = body;
    const kept = { id: rest.id, ...defined({ previousId }), body: rest, input, output };
    try {
      books.keep(kept);
    } catch (error) {
      // A full disk is told with its place, which is no business of whoever may use models.
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
  const diagnosis = diagnosisOf(body, id);
  const answer = answerAll([{ ...task.intent, diagnosis }], deps, call);
  if (!body.stream) return call.json(ResponseObject, await whole(run, answer));
  const numbers = new EventNumbers();
  return call.events(ResponseStreamEvent, sentEvents(run, answer, numbers), {
    failure: (error) => numbers.sent(run.failure(error)),
  });
}

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
