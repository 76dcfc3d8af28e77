import { type Static, Type } from "@sinclair/typebox";
import { flag, keepAlive, model, options, request, text } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { count, reply, replyText } from "../../wire/reply-fields.ts";
import { Content } from "./content.ts";
import { Tokens } from "./texts-or-tokens.ts";

/** The refusal of an unknown format. */
export const invalidEncoding = (format: unknown): string =>
  `Invalid value for 'encoding_format' = ${String(format)}. Supported values: ['float', 'base64'].`;

/** The format may have any case (docs/behaviour: api-openai §5), so the translation checks it, not the schema. */
const encodingFormat = Type.Optional(
  refusing(
    Type.Unsafe<"float" | "base64">(
      Type.String({
        enum: ["float", "base64"],
        description: "`float`, the default, for numbers; `base64` for little-endian 32-bit floats.",
      }),
    ),
    invalidEncoding,
  ),
);

/** Jina's form. */
const TextOrImage = Type.Object(
  {
    text: Type.Optional(Type.String({ description: "The text." })),
    image: Type.Optional(Type.String({ description: "The image: a data URL, or base64." })),
  },
  { title: "EmbeddingImage", description: "An image, a text, or one vector for both." },
);

/** OpenRouter's form. */
const Parts = Type.Object(
  { content: Content },
  { title: "EmbeddingContent", description: "Parts of a message, which get one vector together." },
);

const EmbeddingInput = Type.Union(
  [
    Type.String(),
    Tokens,
    Type.Array(Type.Union([Type.String(), Tokens, Parts, TextOrImage], { description: "An input." }), {
      minItems: 1,
    }),
  ],
  {
    description:
      "A text, or the tokens of one, or a list of either. For models that embed images, a list may also have images, alone or with texts; these are not OpenAI's.",
  },
);

export type MixedInput = Static<typeof Parts> | Static<typeof TextOrImage>;

/** Is it the tokens of one text? */
export const isTokenInput = (input: Static<typeof EmbeddingInput>): input is number[] =>
  typeof input !== "string" && input.every((each) => typeof each === "number");

export const CreateEmbeddingRequest = request(
  "CreateEmbeddingRequest",
  "Texts to embed, and images.",
  {
    model,
    input: Type.Optional(
      refusing(EmbeddingInput, (value) =>
        Array.isArray(value) && value.length === 0 ? "invalid input" : "invalid input type",
      ),
    ),
    encoding_format: encodingFormat,
    dimensions: Type.Optional(
      refusing(
        Type.Integer({ minimum: 1, description: "Length to cut the vectors to. Default: the model's own." }),
        () => "dimensions must be a positive integer",
      ),
    ),
    user: text("Accepted; nothing depends on it."),
    options,
    keep_alive: keepAlive,
    truncate: flag(
      "Not OpenAI's. Cut inputs that do not fit the context. Default true, with a `Warning` header; false: they are refused.",
    ),
  },
  ["model", "input"],
);
export type CreateEmbeddingRequest = Static<typeof CreateEmbeddingRequest>;

const Embedding = reply("Embedding", "The vector of one input.", {
  object: Type.Literal("embedding", { description: "`embedding`." }),
  index: count("Position of the input, from 0."),
  embedding: Type.Union([Type.Array(Type.Number({ description: "A component." })), Type.String()], {
    description: "The vector, of length 1, or its bytes in base64.",
  }),
});

export const CreateEmbeddingReply = reply("CreateEmbeddingResponse", "The vectors of the inputs, in order.", {
  object: Type.Literal("list", { description: "`list`." }),
  data: Type.Array(Embedding, { description: "The vectors." }),
  model: replyText("The model, as the request named it."),
  usage: reply("EmbeddingUsage", "Token counts.", {
    prompt_tokens: count("Tokens of all inputs."),
    total_tokens: count("The same."),
  }),
});
