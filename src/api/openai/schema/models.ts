import { Type } from "@sinclair/typebox";
import { count, reply, replyText } from "../../wire/reply-fields.ts";

export const ModelPath = Type.Object({
  model: Type.String({ description: "Name of the model.", example: "smollm2" }),
});

export const Model = reply("Model", "An installed model.", {
  id: replyText("Its shortest name, tag included; for a single model, the name that was asked for."),
  object: Type.Literal("model", { description: "`model`." }),
  created: count("When it was created, in Unix seconds."),
  owned_by: replyText("The namespace of its name, e.g. `library`."),
});

export const ModelList = reply("ModelList", "The installed models.", {
  object: Type.Literal("list", { description: "`list`." }),
  data: Type.Array(Model, { description: "Newest first." }),
});
