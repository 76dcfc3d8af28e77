import { describeRoute, example, jsonReplyOf } from "../../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES, WRITE_FAILURES } from "../../wire/documented-failures.ts";
import { PsReply, ShowReply, TagsReply } from "../model/library.ts";

const details = {
  parent_model: "",
  format: "gguf",
  family: "llama",
  families: ["llama"],
  parameter_size: "134.52M",
  quantization_level: "Q4_1",
};
const identity = { name: "smollm2:latest", model: "smollm2:latest" };
const digest = "4b2f1c6b6dbd5b2c4ea85d2f14d1e3ee4e0ea32cfa6a7c1f3e2f3a0d7b4f9a51";
const modified = "2026-01-02T03:04:05.678901234+01:00";

/** GET /api/tags (docs/behaviour: api-native §8). */
export const tagsDocs = describeRoute({
  operationId: "listModels",
  summary: "List installed models",
  description: "Every model on this server, newest first.",
  tag: "models",
  replies: {
    200: jsonReplyOf("The models.", TagsReply, {
      one: example("One model", {
        models: [
          {
            ...identity,
            modified_at: modified,
            size: 98_460_000,
            digest,
            details: { ...details, context_length: 8192, embedding_length: 576 },
            capabilities: ["completion"],
          },
        ],
      }),
    }),
  },
  failures: STORE_FAILURES,
});

/** GET /api/ps (docs/behaviour: api-native §9). */
export const psDocs = describeRoute({
  operationId: "listLoadedModels",
  summary: "List loaded models",
  description: "Models in memory, the one that stays longest first; one that is loading is listed too.",
  tag: "models",
  replies: {
    200: jsonReplyOf("The models.", PsReply, {
      one: example("One model, on the CPU", {
        models: [
          {
            ...identity,
            size: 190_000_000,
            digest,
            details,
            expires_at: modified,
            size_vram: 0,
            context_length: 4096,
          },
        ],
      }),
    }),
  },
  failures: STORE_FAILURES,
});

/** POST /api/show (docs/behaviour: api-native §10). */
export const showDocs = describeRoute({
  operationId: "showModel",
  summary: "Show a model",
  description: "Its Modelfile, template, parameters and the facts in its GGUF. The model is not loaded.",
  tag: "models",
  requests: {
    short: example("The usual", { model: "smollm2" }),
    verbose: example("With all lists of its GGUF, the vocabulary for one", {
      model: "smollm2",
      verbose: true,
    }),
  },
  replies: {
    200: jsonReplyOf("The model.", ShowReply, {
      model: example("A model", {
        modelfile: "FROM smollm2:latest\nPARAMETER temperature 0.3\n",
        parameters: "temperature                    0.3",
        template: "{{ .Prompt }}",
        details,
        model_info: { "general.architecture": "llama", "llama.context_length": 8192 },
        tensors: [{ name: "token_embd.weight", type: "Q4_1", shape: [576, 49_152] }],
        capabilities: ["completion"],
        modified_at: modified,
      }),
    }),
  },
  failures: {
    400: "model is required",
    403: 'ollama cloud is disabled: remote model details are unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
    404: "model 'smollm3:latest' not found",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});

/** POST /api/copy (docs/behaviour: api-native §12). */
export const copyDocs = describeRoute({
  operationId: "copyModel",
  summary: "Copy a model",
  description:
    "Gives a model a further name; nothing large is copied. A model of that name is replaced; copied onto itself it stays as it is.",
  tag: "models",
  requests: {
    copy: example("A further name", { source: "smollm2", destination: "smollm2-backup" }),
  },
  replies: { 200: { description: "Done. The reply is empty." } },
  failures: {
    400: 'source "a:b:c" is invalid',
    404: 'model "smollm3" not found',
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

/** DELETE /api/delete (docs/behaviour: api-native §13). */
export const deleteDocs = describeRoute({
  operationId: "deleteModel",
  summary: "Delete a model",
  description:
    "Removes the name, whatever no other model uses, and what an interrupted pull of it has left. Where the model is loaded it stays in memory until it is unloaded.",
  tag: "models",
  requests: { one: example("A model", { model: "my-model" }) },
  replies: { 200: { description: "Done. The reply is empty." } },
  failures: {
    400: "model is required",
    404: "model 'smollm3' not found",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});
