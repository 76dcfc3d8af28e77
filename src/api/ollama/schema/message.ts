import { Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { integer, jsonObject, list, nullable, request, text } from "../../wire/fields.ts";
import { verbatim } from "../../wire/normalise.ts";
import { indexed, type Path, RefusedValue, refusing } from "../../wire/refusal.ts";
import { image } from "./fields.ts";

const toolArguments = refusing(
  jsonObject("Its arguments by name."),
  () => "Value looks like object, but can't find closing '}' symbol",
);

const ToolCall = request("ToolCall", "A call that the model made earlier.", {
  id: text("The call's id; a `tool` message refers to it."),
  type: text("Accepted: a call is one of a function."),
  function: Type.Optional(
    request("ToolCallFunction", "Which function was called, and with what.", {
      index: integer("Position among the calls of one message, from 0."),
      name: text("Name of the function."),
      arguments: Type.Optional(toolArguments),
    }),
  ),
});

export const OllamaMessage = request("Message", "One turn of a conversation.", {
  role: text("Who speaks: `system`, `user`, `assistant` or `tool`. Others are left to the model's template."),
  content: text("The text."),
  thinking: text("For role `assistant`: what the model thought before it answered."),
  images: list(
    image,
    "Images, or sounds, for models that see or hear: where `[img]` is in the text, else in front of it.",
  ),
  tool_calls: list(ToolCall, "For role `assistant`: the calls that the model made."),
  tool_name: text("For role `tool`: which function answered."),
  tool_call_id: text("For role `tool`: which call is answered."),
});

const anyText = (description: string) => Type.Optional(nullable(Type.String({ description })));

const ToolFunction = Type.Object(
  {
    name: Type.String({ minLength: 1, description: "Its name." }),
    description: anyText("What it does and when to use it."),
    parameters: Type.Optional(nullable(jsonObject("JSON Schema of its arguments, an object."))),
  },
  { title: "ToolFunction", description: "A function.", additionalProperties: true },
);

/** The refusal of a function without a name, which no model could call; a value of another type gets Go's sentence. */
function nameless(tool: unknown, path: Path): RefusedValue | undefined {
  if (!isRecord(tool)) return undefined;
  const { function: called } = tool;
  if (called !== undefined && called !== null && !isRecord(called)) return undefined;
  const name = called?.name;
  if (name !== undefined && name !== null && name !== "") return undefined;
  return new RefusedValue([...path, "function", "name"], `${indexed(path)} has no function name`);
}

/** Kept whole and in order: templates print a definition as it came. */
export const OllamaTool = verbatim(
  refusing(
    Type.Object(
      { type: anyText("`function`."), function: ToolFunction },
      {
        title: "Tool",
        description: "A function that the model may call. Templates see all of it, other fields too.",
        additionalProperties: true,
      },
    ),
    nameless,
  ),
);
