import { Elysia } from "elysia";
import { Baselines } from "../../../inference/decide/baselines.ts";
import type { InferenceDeps } from "../../../inference/deps.ts";
import { answerDecide } from "../../../inference/on-demand.ts";
import type { Translated } from "../../../inference/request-options.ts";
import type { DecideIntent, DecideResult } from "../../../intent/decide.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import { MISSING_BODY } from "../../wire/parse-json.ts";
import { decisionReply, translateDecision } from "./decisions.ts";
import { decisionDocs, systemOneDocs } from "./docs.ts";
import { systemOneForm } from "./form.ts";
import { DecisionReply, DecisionRequest } from "./model-decisions.ts";
import { SystemOneReply, SystemOneRequest } from "./model-systemone.ts";
import { systemOneReply, translateSystemOne } from "./systemone.ts";

/** POST /v1/systemone and POST /v1/decisions (docs/decisions.md). */
export function decisionRoutes(deps: InferenceDeps) {
  const baselines = new Baselines();
  const answered = async (
    { intent, notices }: Translated<DecideIntent>,
    call: Exchange,
  ): Promise<DecideResult> => {
    const result = await answerDecide(intent, baselines, deps, call);
    call.notices.add([...notices, ...result.notices]);
    return result;
  };
  return new Elysia({ name: "openai.decisions" })
    .post(
      "/v1/systemone",
      async ({ body, request, server }) => {
        const call = exchange(request, server, deps);
        const order = translateSystemOne(body);
        return call.json(SystemOneReply, systemOneReply(body, await answered(order, call)));
      },
      {
        ...jsonBody(SystemOneRequest, MISSING_BODY, systemOneForm),
        response: { 200: SystemOneReply },
        detail: systemOneDocs,
      },
    )
    .post(
      "/v1/decisions",
      async ({ body, request, server }) => {
        const call = exchange(request, server, deps);
        const order = translateDecision(body);
        return call.json(DecisionReply, decisionReply(body, await answered(order, call)));
      },
      { ...jsonBody(DecisionRequest), response: { 200: DecisionReply }, detail: decisionDocs },
    );
}
