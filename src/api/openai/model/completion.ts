import { type Static, Type } from "@sinclair/typebox";
import { checked, flag, integer, request, text } from "../../wire/fields.ts";
import { answerFields } from "./fields.ts";

const token = Type.Integer({ description: "A token." });
const tokens = Type.Array(token, { description: "A prompt as tokens." });

export const CompletionRequest = request(
  "CompletionRequest",
  "Prompts to complete.",
  {
    ...answerFields,
    prompt: checked(
      Type.Union(
        [Type.String(), Type.Array(Type.String({ description: "A prompt." })), tokens, Type.Array(tokens)],
        {
          description:
            "A text, which is rendered with the model's template, or tokens, which go to the model as they are; or a list of either. An empty text only loads the model.",
        },
      ),
    ),
    suffix: text("Text that follows the answer, for models that can fill in the middle."),
    echo: flag("Put the prompt in front of the answer. Default false. Not with `logprobs`."),
    logprobs: checked(
      Type.Integer({
        minimum: 0,
        maximum: 20,
        description:
          "Return the log-probability of every token, with that many of the likeliest. Default: none.",
      }),
    ),
    best_of: integer("How many answers to choose from: `n`. More are refused."),
  },
  ["model"],
);
export type CompletionRequest = Static<typeof CompletionRequest>;
