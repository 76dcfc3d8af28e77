import { type Static, Type } from "@sinclair/typebox";
import { flag, list, request, text } from "../../wire/fields.ts";
import { verbatim } from "../../wire/normalise.ts";
import { Parameters } from "../../wire/options-schema.ts";
import { refusing } from "../../wire/refusal.ts";
import { bytes, reply, replyText } from "../../wire/reply-fields.ts";
import { name, textMap } from "./fields.ts";
import { OllamaMessage } from "./message.ts";

const license = refusing(
  Type.Union([Type.String(), Type.Array(Type.String({ description: "A text." }))], {
    description: "A text or a list of texts, added to the inherited ones.",
  }),
  () => "license must be a string or an array of strings",
);

const infoText = (description: string) =>
  Type.Optional(
    refusing(Type.String({ description }), (_, path) => `info field "${path.at(-1)}" must be a string`),
  );

const infoCount = (description: string) =>
  Type.Optional(
    refusing(Type.Integer({ minimum: 0, description }), (value, path) => {
      const wanted = typeof value === "number" ? "non-negative integer" : "number";
      return `info field "${path.at(-1)}" must be a ${wanted}`;
    }),
  );

const Info = verbatim(
  Type.Object(
    {
      model_family: infoText("Architecture."),
      base_name: infoText("Name of the model that it builds on."),
      quantization_level: infoText("How the weights are stored."),
      parameter_size: infoText("How many parameters."),
      context_length: infoCount("Tokens of context."),
      embedding_length: infoCount("Components of its vectors."),
    },
    {
      title: "RemoteInfo",
      description: "Facts about a remote model. Checked, then ignored with a warning: models run here only.",
      additionalProperties: true,
    },
  ),
);

export const CreateRequest = request(
  "CreateRequest",
  "A model to create, from another model (`from`) or from uploaded blobs (`files`).",
  {
    model: text("Name of the model to create; one of that name is replaced."),
    name,
    from: text("Name of an installed model to build on. Comes before `files`."),
    files: textMap(
      "Files to build on, GGUF or a folder of safetensors: relative path → digest of the uploaded blob, `sha256:…`.",
    ),
    adapters: textMap("A LoRA adapter to apply: relative path → digest of the uploaded blob."),
    draft: text(
      "Not Ollama's. Name of an installed model of the same vocabulary, whose weights guess what this one will say. Comes before `draft_files`.",
    ),
    draft_files: textMap(
      "A draft model, GGUF or a folder of safetensors: relative path → digest of the uploaded blob.",
    ),
    template: text("Go template; replaces the inherited one. Empty leaves it."),
    system: text("Replaces the inherited SYSTEM. Empty leaves it."),
    license: Type.Optional(license),
    parameters: Type.Optional(Parameters),
    messages: list(OllamaMessage, "MESSAGEs of the model; replace the inherited ones unless empty."),
    renderer: text(
      "Name of what makes the prompts instead of a template, as published configs have it; an unknown one is refused.",
    ),
    parser: text("Name of what reads the answers, as published configs have it; an unknown one is refused."),
    requires: text("Least version of the server, stored with the model."),
    quantize: text("Quantise the weights, which have to be F32, F16 or BF16, to this type, e.g. `Q4_K_M`."),
    quantization: Type.Optional(Type.String({ description: "Same as `quantize`.", deprecated: true })),
    draft_quantize: text("As `quantize`, for the draft model."),
    remote_host: text("Host of a remote model: refused, because models run here only."),
    info: Type.Optional(Info),
    stream: flag(
      "Reply with progress as one JSON object a line. Default true; false: one object at the end.",
    ),
  },
  ["model"],
);
export type CreateRequest = Static<typeof CreateRequest>;

export const ProgressReply = reply("ProgressResponse", "How far a long operation is.", {
  status: replyText("What is being done; `success` at the end."),
  digest: Type.Optional(replyText("The blob that is being worked on.")),
  total: Type.Optional(bytes("Size of the blob")),
  completed: Type.Optional(bytes("How much of it is done")),
});
