import { type Static, Type } from "@sinclair/typebox";
import { flag, model, name, options, request, text } from "./fields.ts";
import { Message } from "./message.ts";

const Details = Type.Object({
  parent_model: Type.String(),
  format: Type.String(),
  family: Type.String(),
  families: Type.Union([Type.Array(Type.String()), Type.Null()]),
  parameter_size: Type.String(),
  quantization_level: Type.String(),
  context_length: Type.Optional(Type.Integer()),
  embedding_length: Type.Optional(Type.Integer()),
});
export type Details = Static<typeof Details>;

const identity = { name: Type.String(), model: Type.String() };
const moment = Type.String({ format: "date-time" });

export const TagsReply = Type.Object({
  models: Type.Array(
    Type.Object({
      ...identity,
      modified_at: moment,
      size: Type.Integer({ description: "Bytes." }),
      digest: Type.String({ description: "SHA-256 of the manifest." }),
      details: Details,
      capabilities: Type.Optional(Type.Array(Type.String())),
    }),
  ),
});

export const PsReply = Type.Object({
  models: Type.Array(
    Type.Object({
      ...identity,
      size: Type.Integer({ description: "Bytes." }),
      digest: Type.String(),
      details: Details,
      expires_at: moment,
      size_vram: Type.Integer({ description: "Bytes." }),
      context_length: Type.Integer(),
    }),
  ),
});

export const ShowRequest = request("ShowRequest", {
  model,
  name,
  verbose: flag("Array values of `model_info` in full."),
  system: text("Shown in place of the model's SYSTEM."),
  template: text("Ignored."),
  options,
});
export type ShowRequest = Static<typeof ShowRequest>;

export const ShowReply = Type.Object({
  license: Type.Optional(Type.String()),
  modelfile: Type.Optional(Type.String()),
  parameters: Type.Optional(Type.String()),
  template: Type.Optional(Type.String()),
  system: Type.Optional(Type.String()),
  details: Details,
  messages: Type.Optional(Type.Array(Type.Object({ role: Type.String(), content: Type.String() }))),
  model_info: Type.Record(Type.String(), Type.Unknown()),
  projector_info: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  tensors: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), type: Type.String(), shape: Type.Array(Type.Integer()) })),
  ),
  capabilities: Type.Optional(Type.Array(Type.String())),
  modified_at: moment,
  requires: Type.Optional(Type.String()),
});

export const CopyRequest = request("CopyRequest", {
  source: text("Name of an existing model."),
  destination: text("Further name for it."),
});

export const DeleteRequest = request("DeleteRequest", { model, name });

export const VersionReply = Type.Object({ version: Type.String() });

/** `license` and `info` are checked by hand: one takes two forms, the other has its own error texts. */
export const CreateRequest = request("CreateRequest", {
  model,
  name,
  from: text("Name of the model to build on."),
  files: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: "Relative path → digest of its blob." }),
  ),
  adapters: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: "Relative path → digest of a LoRA adapter's blob.",
    }),
  ),
  draft_files: Type.Optional(Type.Record(Type.String(), Type.String())),
  template: text("Go template; replaces the inherited one."),
  system: text("Replaces the inherited SYSTEM; empty leaves it."),
  license: Type.Optional(
    Type.Unknown({ description: "A text or a list of texts, added to the inherited ones." }),
  ),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  messages: Type.Optional(Type.Array(Message)),
  renderer: text("Name of a built-in renderer."),
  parser: text("Name of a built-in parser."),
  requires: text("Least version of the server."),
  quantize: text("Target quantisation, e.g. `Q4_K_M`."),
  quantization: Type.Optional(Type.String({ description: "Same as `quantize`.", deprecated: true })),
  draft_quantize: text("Target quantisation of the draft model."),
  remote_host: text("Host of a remote model."),
  info: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: "Facts about a remote model." }),
  ),
  stream: flag("Progress as one JSON object a line. Default true."),
});
export type CreateRequest = Static<typeof CreateRequest>;

export const ProgressReply = Type.Object({
  status: Type.String(),
  digest: Type.Optional(Type.String()),
  total: Type.Optional(Type.Integer()),
  completed: Type.Optional(Type.Integer()),
});
