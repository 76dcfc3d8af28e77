import { type Static, Type } from "@sinclair/typebox";
import { flag, integer, request, text } from "../../wire/fields.ts";
import { alternatives, openaiAnswerFields } from "./fields.ts";
import { textsOrTokens } from "./texts-or-tokens.ts";

export const CompletionRequest = request(
  "CompletionRequest",
  "Prompts to complete.",
  {
    ...openaiAnswerFields,
    prompt: Type.Optional(
      textsOrTokens(
        "A text, which is rendered with the model's template, or tokens, which go to the model as they are; or a list of either. An empty text only loads the model.",
        () => "prompt must be a string, an array of tokens, or an array of either",
      ),
    ),
    suffix: text("Text that follows the answer, for models that can fill in the middle."),
    echo: flag("Put the prompt in front of the answer. Default false. Not with `logprobs`."),
    logprobs: alternatives(
      "Return the log-probability of every token, with that many of the likeliest. Default: none.",
    ),
    best_of: integer("How many answers to choose from: `n`. More are refused."),
  },
  ["model"],
);
export type CompletionRequest = Static<typeof CompletionRequest>;
