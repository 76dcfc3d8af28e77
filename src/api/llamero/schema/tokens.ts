import { type Static, Type } from "@sinclair/typebox";
import { flag, keepAlive, model, options, request, text } from "../../wire/fields.ts";
import { indexed, refusing } from "../../wire/refusal.ts";
import { nanoseconds, reply, replyText } from "../../wire/reply-fields.ts";

export const TokenizeRequest = request(
  "TokenizeRequest",
  "A text, under one of its three names.",
  {
    model,
    text: text("The text, of 1 MiB at most."),
    content: text("llama.cpp's name for it."),
    prompt: text("vLLM's name for it."),
    add_special: flag(
      "Add the tokens that the model puts before or behind a text, such as its beginning-of-sequence token. Default false.",
    ),
    parse_special: flag(
      "Read the text of a control token, such as `<|im_start|>`, as that token. Default true, as in prompts; false: it is a text like any other.",
    ),
    with_pieces: flag("Reply with the text of each token too. Default false."),
    options,
    keep_alive: keepAlive,
  },
  ["model", "text"],
);
export type TokenizeRequest = Static<typeof TokenizeRequest>;

const token = Type.Integer({ description: "Number of a token." });

const Piece = reply("TokenPiece", "A token and what it stands for.", {
  id: token,
  piece: Type.Union(
    [Type.String(), Type.Array(Type.Integer({ minimum: 0, maximum: 255, description: "A byte." }))],
    { description: "Its text, or its bytes where they are only a part of a character." },
  ),
});

const named = replyText("The model, as the request named it.");
const durations = {
  total_duration: nanoseconds("Time of the whole request"),
  load_duration: nanoseconds("Time of waiting for the model"),
};

export const TokenizeReply = reply("TokenizeResponse", "The tokens of the text.", {
  model: named,
  tokens: Type.Union(
    [
      Type.Array(token, { description: "The tokens." }),
      Type.Array(Piece, { description: "With `with_pieces`: the tokens and what they stand for." }),
    ],
    { description: "The tokens, in order." },
  ),
  ...durations,
});
export type TokenizeReply = Static<typeof TokenizeReply>;

export const DetokenizeRequest = request(
  "DetokenizeRequest",
  "Tokens.",
  {
    model,
    tokens: Type.Optional(
      refusing(
        Type.Array(
          refusing(token, (_, path) => `${indexed(path)} must be an integer`),
          { description: "The tokens, 1,048,576 at most." },
        ),
        () => "tokens must be a list of integers",
      ),
    ),
    options,
    keep_alive: keepAlive,
  },
  ["model", "tokens"],
);
export type DetokenizeRequest = Static<typeof DetokenizeRequest>;

export const DetokenizeReply = reply("DetokenizeResponse", "The text of the tokens.", {
  model: named,
  text: replyText("The text, control tokens included. Bytes that are no characters are U+FFFD."),
  ...durations,
});
export type DetokenizeReply = Static<typeof DetokenizeReply>;
