import { STORE_FAILURES } from "../../wire/documented-failures.ts";
import { Model, ModelList } from "../model/models.ts";
import { describeRoute, example, jsonReplyOf } from "./describe.ts";

const smollm2 = { id: "smollm2:latest", object: "model", created: 1_767_323_045, owned_by: "library" };

/** GET /v1/models (docs/behaviour: api-openai §6). */
export const modelsDocs = describeRoute({
  operationId: "listOpenAiModels",
  summary: "List installed models (OpenAI)",
  description: "Every installed model, newest first.",
  tag: "openai",
  replies: {
    200: jsonReplyOf("The models.", ModelList, {
      one: example("One model", { object: "list", data: [smollm2] }),
    }),
  },
  failures: STORE_FAILURES,
});

/** GET /v1/models/:model (docs/behaviour: api-openai §6). */
export const modelDocs = describeRoute({
  operationId: "retrieveModel",
  summary: "Find an installed model (OpenAI)",
  description: "One model by its name. Slashes of the name may stand in the path as they are.",
  tag: "openai",
  replies: {
    200: jsonReplyOf("The model.", Model, { model: example("The model", { ...smollm2, id: "smollm2" }) }),
  },
  failures: {
    400: "invalid model name",
    403: 'ollama cloud is disabled: remote model details are unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
    404: "model 'smollm3:latest' not found",
    ...STORE_FAILURES,
  },
});
