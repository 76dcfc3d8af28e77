import { Type } from "@sinclair/typebox";
import { integer, list, request, text } from "../../wire/fields.ts";
import { Content } from "./content.ts";

const ToolCall = request("ChatMessageToolCall", "A call that the model made earlier.", {
  id: text("The call's id; a `tool` message refers to it."),
  index: integer("Position among the calls of one message, from 0."),
  type: text("`function` or `custom`."),
  function: Type.Optional(
    request("ChatMessageFunctionCall", "Which function was called, and with what.", {
      name: text("Name of the function."),
      arguments: text("Its arguments, an object as JSON text."),
    }),
  ),
  custom: Type.Optional(
    request("ChatMessageCustomCall", "Which custom tool was called, and with what.", {
      name: text("Name of the tool."),
      input: text("The text that it was called with."),
    }),
  ),
});

export const ChatCompletionMessage = request("ChatCompletionMessageParam", "One turn of a conversation.", {
  role: text("Who speaks: `developer`, which counts as `system`, `system`, `user`, `assistant` or `tool`."),
  content: Type.Optional(Content),
  refusal: text("For role `assistant`: the text of a refusal, in place of content."),
  reasoning: text("For role `assistant`: what the model thought before it answered."),
  reasoning_content: text("The same as `reasoning`."),
  tool_calls: list(ToolCall, "For role `assistant`: the calls that the model made."),
  tool_call_id: text("For role `tool`: which call is answered."),
  name: text("For role `tool`: which function answered. Default: that of the call."),
});
