import { Type } from "@sinclair/typebox";
import { badRequest } from "../../../lib/errors.ts";
import { decodedBy } from "../../wire/decode.ts";
import { integer, list, request, text } from "../../wire/fields.ts";
import { image } from "./fields.ts";

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const toolArguments = decodedBy(
  Type.Record(Type.String(), Type.Unknown(), { description: "Its arguments by name." }),
  (value) => {
    if (!isObject(value)) throw badRequest("Value looks like object, but can't find closing '}' symbol");
    return value;
  },
);

export const ToolCall = request("ToolCall", "A call that the model made earlier.", {
  id: text("The call's id; a `tool` message refers to it."),
  function: Type.Optional(
    request("ToolCallFunction", "Which function was called, and with what.", {
      index: integer("Position among the calls of one message, from 0."),
      name: text("Name of the function."),
      arguments: Type.Optional(toolArguments),
    }),
  ),
});

export const Message = request("Message", "One turn of a conversation.", {
  role: text("Who speaks: `system`, `user`, `assistant` or `tool`. Others are left to the model's template."),
  content: text("The text."),
  thinking: text("For role `assistant`: what the model thought before it answered."),
  images: list(image, "Images. No model takes any here: they are refused."),
  tool_calls: list(ToolCall, "For role `assistant`: the calls that the model made."),
  tool_name: text("For role `tool`: which function answered."),
  tool_call_id: text("For role `tool`: which call is answered."),
});

/** Kept whole and in order: templates print a definition as it came. */
export const Tool = decodedBy(
  Type.Record(Type.String(), Type.Unknown(), {
    description:
      'A function: `{"type":"function","function":{"name","description","parameters"}}`; `parameters` is a JSON Schema.',
  }),
  (value, mismatch) => {
    if (!isObject(value)) throw mismatch("api.Tool");
    return value;
  },
);
