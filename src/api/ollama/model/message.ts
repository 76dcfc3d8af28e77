import { Type } from "@sinclair/typebox";
import { badRequest } from "../../../lib/errors.ts";
import { decodedBy } from "../../wire/decode.ts";
import { image, integer, request, text } from "./fields.ts";

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const toolArguments = decodedBy(Type.Record(Type.String(), Type.Unknown()), (value) => {
  if (!isObject(value)) throw badRequest("Value looks like object, but can't find closing '}' symbol");
  return value;
});

export const ToolCall = request("ToolCall", {
  id: text("The call's id; a `tool` message refers to it."),
  function: Type.Optional(
    request("ToolCallFunction", {
      index: integer("Position among the calls of one message."),
      name: text("Name of the tool."),
      arguments: Type.Optional(toolArguments),
    }),
  ),
});

export const Message = request("Message", {
  role: text("`system`, `user`, `assistant` or `tool`."),
  content: text("The text."),
  thinking: text("What the model thought before it answered."),
  images: Type.Optional(Type.Array(image)),
  tool_calls: Type.Optional(Type.Array(ToolCall)),
  tool_name: text("For role `tool`: which tool answered."),
  tool_call_id: text("For role `tool`: which call is answered."),
});

/** Kept whole and in order: templates print a definition as it came. */
export const Tool = decodedBy(
  Type.Record(Type.String(), Type.Unknown(), {
    description: '`{"type":"function","function":{"name","description","parameters"}}`',
  }),
  (value, mismatch) => {
    if (!isObject(value)) throw mismatch("api.Tool");
    return value;
  },
);
