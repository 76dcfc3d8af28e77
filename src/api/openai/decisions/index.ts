import { Elysia } from "elysia";
import { Baselines } from "../../../inference/decide/baselines.ts";
import type { InferenceDeps } from "../../../inference/deps.ts";
import { answerDecide } from "../../../inference/on-demand.ts";
import type { Translated } from "../../../inference/request-options.ts";
import type { DecideIntent, DecideResult } from "../../../intent/decide.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import { oneObject } from "../../wire/describe-route.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { MISSING_BODY } from "../../wire/parse-json.ts";
import { describeOpenaiRoute } from "../describe.ts";
import { decisionReply, translateDecision } from "./decisions.ts";
import { systemOneForm } from "./form.ts";
import { DecisionReply, DecisionRequest } from "./schema/decisions.ts";
import { SystemOneReply, SystemOneRequest } from "./schema/systemone.ts";
import { systemOneReply, translateSystemOne } from "./systemone.ts";

const SHARED = {
  description:
    "Answers questions about one input with probabilities instead of prose, with any model that chats. The input is evaluated once; from there each answer to each question is weighed by how likely the model is to give it, token for token, compared with an input that says nothing.",
  tag: "openai",
  failures: {
    400: '"all-minilm" does not support decisions: they take a model that chats',
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
};

const systemOneDocs = describeOpenaiRoute({
  operationId: "systemOne",
  summary: "Answer typed questions with probabilities (System One)",
  ...SHARED,
  description: `${SHARED.description} The body may be a form as well (\`multipart/form-data\`): this JSON in its part \`request\`, and files in the parts that \`assets\` name.`,
  replies: { 200: oneObject("The answers.", SystemOneReply) },
});

const decisionDocs = describeOpenaiRoute({
  operationId: "createDecision",
  summary: "Answer typed questions with probabilities (OpenAI)",
  ...SHARED,
  replies: { 200: oneObject("The answers.", DecisionReply) },
});

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
