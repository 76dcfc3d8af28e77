import { type Static, Type } from "@sinclair/typebox";
import { flag, integer, keepAlive, list, model, options, request, text } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { count, nanoseconds, reply, replyText } from "../../wire/reply-fields.ts";
import { image } from "./fields.ts";

const number = Type.Number({ description: "A component." });

const input = refusing(
  Type.Union([Type.String(), Type.Array(Type.String({ description: "A text." }))], {
    description: "A text or a list of texts. Empty: only load the model.",
  }),
  () => "invalid input type",
);

export const EmbedRequest = request(
  "EmbedRequest",
  "Texts to embed, and images.",
  {
    model,
    input: Type.Optional(input),
    images: list(
      image,
      "Images, for models that embed them. Without `input` each has a vector of its own; with one text all of them and the text have one, the images where `[img]` is in it, else in front of it; with as many texts as images each text has its image.",
    ),
    truncate: flag("Cut inputs that do not fit the context. Default true; false: they are refused."),
    dimensions: integer(
      "Length to cut the vectors to. 0, the default, or more than they have: the model's own.",
    ),
    keep_alive: keepAlive,
    options,
  },
  ["model"],
);
export type EmbedRequest = Static<typeof EmbedRequest>;

export const EmbedReply = reply("EmbedResponse", "The vectors of the inputs.", {
  model: replyText("The model, as the request named it."),
  embeddings: Type.Array(Type.Array(number, { description: "The vector of one input." }), {
    description: "One vector of length 1 for every input, in order.",
  }),
  total_duration: nanoseconds("Time of the whole request"),
  load_duration: nanoseconds("Time of waiting for the model, queueing included"),
  prompt_eval_count: Type.Optional(count("Tokens of all inputs.")),
});
export type EmbedReply = Static<typeof EmbedReply>;

export const EmbeddingsRequest = request(
  "EmbeddingRequest",
  "A text to embed.",
  {
    model,
    prompt: text("The text. Empty: only load the model."),
    images: list(image, "Images that get one vector together with the text, for models that embed them."),
    keep_alive: keepAlive,
    options,
  },
  ["model"],
);
export type EmbeddingsRequest = Static<typeof EmbeddingsRequest>;

export const EmbeddingsReply = reply("EmbeddingResponse", "The vector of the text.", {
  embedding: Type.Array(number, { description: "The model's vector, not scaled. Empty without a text." }),
});
