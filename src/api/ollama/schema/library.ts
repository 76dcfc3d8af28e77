import { type Static, Type } from "@sinclair/typebox";
import { flag, jsonObject, model, options, request, text } from "../../wire/fields.ts";
import { bytes, count, moment, reply, replyText } from "../../wire/reply-fields.ts";
import { name } from "./fields.ts";

const Details = reply("ModelDetails", "What kind of model it is. Texts are empty where nothing is known.", {
  parent_model: replyText("The model that it was created from."),
  format: replyText("Format of the weights: `gguf`."),
  family: replyText("Architecture, e.g. `llama`."),
  families: Type.Union([Type.Array(replyText("An architecture.")), Type.Null()], {
    description: "Architectures of all its files.",
  }),
  parameter_size: replyText("How many parameters, e.g. `134.52M`."),
  quantization_level: replyText("How the weights are stored, e.g. `Q4_K_M`."),
  context_length: Type.Optional(count("Tokens of context that it was trained with.")),
  embedding_length: Type.Optional(count("Components of its vectors.")),
});
export type Details = Static<typeof Details>;

const capabilities = Type.Optional(
  Type.Array(replyText("A capability."), {
    description: "What it can do: `completion`, `embedding`, `tools`, `insert`, `thinking`.",
  }),
);

const identity = {
  name: replyText("Its shortest name, tag included."),
  model: replyText("The same as `name`."),
};
const digest = replyText("SHA-256 of its manifest, in hex.");

const InstalledModel = reply("InstalledModel", "A model that is on this server.", {
  ...identity,
  modified_at: moment("When it was created"),
  size: bytes("Size of all its parts"),
  digest,
  details: Details,
  capabilities,
});

export const TagsReply = reply("ListResponse", "The installed models.", {
  models: Type.Array(InstalledModel, { description: "Newest first." }),
});

const CacheUse = reply(
  "CacheUse",
  "Evaluated prompts that are kept outside of the context. No field of Ollama's.",
  {
    memory: bytes("Memory that they take"),
    disk: bytes("Disk space that the model's prompts take"),
  },
);

const LoadedModel = reply("LoadedModel", "A model that is in memory, or on its way there.", {
  ...identity,
  size: bytes("Memory that it takes"),
  digest,
  details: Details,
  expires_at: moment("When it is unloaded if nobody uses it until then; about 292 years ahead for never"),
  size_vram: bytes("Memory that it takes on GPUs"),
  context_length: count("Tokens of context for each conversation."),
  loading: Type.Optional(
    Type.Boolean({ description: "It is being loaded. No field of Ollama's; absent when it is ready." }),
  ),
  loading_step: Type.Optional(
    replyText("What makes its load take longer than others. No field of Ollama's; absent when nothing does."),
  ),
  slots: Type.Optional(
    count("Requests that it can answer at the same time. No field of Ollama's; absent while it is loaded."),
  ),
  active: Type.Optional(count("Requests that it answers. No field of Ollama's; absent for none.")),
  queued: Type.Optional(count("Requests that wait for it. No field of Ollama's; absent for none.")),
  cache: Type.Optional(CacheUse),
});

export const PsReply = reply("ProcessResponse", "The loaded models.", {
  models: Type.Array(LoadedModel, { description: "The one that stays longest first." }),
});

export const ShowRequest = request(
  "ShowRequest",
  "Which model to show, and how.",
  {
    model,
    name,
    verbose: flag("Give the lists in `model_info` in full. Default false: null stands for them."),
    system: text("Shown in place of the model's SYSTEM."),
    template: text("Ignored, with a warning."),
    options,
  },
  ["model"],
);
export type ShowRequest = Static<typeof ShowRequest>;

const ShownMessage = reply("ShownMessage", "A MESSAGE of the model.", {
  role: replyText("`system`, `user` or `assistant`."),
  content: replyText("The text."),
});

const Tensor = reply("Tensor", "A tensor in the weights.", {
  name: replyText("Its name."),
  type: replyText("How its numbers are stored, e.g. `Q4_K`."),
  shape: Type.Array(count("A dimension."), { description: "Its dimensions." }),
});

export const ShowReply = reply("ShowResponse", "All about a model. What it does not have is left out.", {
  license: Type.Optional(replyText("Its licenses.")),
  modelfile: Type.Optional(replyText("A Modelfile that creates it.")),
  parameters: Type.Optional(replyText("Its PARAMETERs, one a line.")),
  template: Type.Optional(replyText("Its TEMPLATE, or the chat template in its GGUF.")),
  system: Type.Optional(replyText("Its SYSTEM.")),
  details: Details,
  messages: Type.Optional(Type.Array(ShownMessage, { description: "Its MESSAGEs." })),
  model_info: jsonObject("Metadata of its GGUF by key."),
  projector_info: Type.Optional(jsonObject("Metadata of its projector's GGUF by key.")),
  tensors: Type.Optional(Type.Array(Tensor, { description: "The tensors of its GGUF." })),
  capabilities,
  modified_at: moment("When it was created"),
  renderer: Type.Optional(replyText("Name of what makes the prompts instead of a template.")),
  parser: Type.Optional(replyText("Name of what reads the answers.")),
  requires: Type.Optional(replyText("Least version of the server that it needs.")),
});
export type ShowReply = Static<typeof ShowReply>;

export const CopyRequest = request(
  "CopyRequest",
  "A further name for a model.",
  { source: text("Name of an installed model."), destination: text("Further name for it.") },
  ["source", "destination"],
);

export const DeleteRequest = request("DeleteRequest", "Which model to delete.", { model, name }, ["model"]);

export const VersionReply = reply("VersionResponse", "Which API this is, and what serves it.", {
  version: replyText(
    "The version of Ollama whose API the server follows, e.g. `0.40.12`. Clients compare it.",
  ),
  llamero_version: Type.Optional(
    replyText("llamero's own version, e.g. `0.1.0`. Ollama's replies have none."),
  ),
});
