import { type Static, Type } from "@sinclair/typebox";
import { flag, keepAlive, model, options, request, text } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { count, reply, said } from "../../wire/reply-fields.ts";
import { textsOrTokens } from "./texts-or-tokens.ts";

/** The words for a format that there is not. */
export const invalidEncoding = (format: unknown): string =>
  `Invalid value for 'encoding_format' = ${String(format)}. Supported values: ['float', 'base64'].`;

/** Any case counts as the same (docs/behaviour: api-openai §5), so the translation tells the words apart. */
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

export const CreateEmbeddingRequest = request(
  "CreateEmbeddingRequest",
  "Texts to embed.",
  {
    model,
    input: Type.Optional(
      textsOrTokens("A text, or the tokens of one, or a list of either.", (value) =>
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
  model: said("The model, as the request named it."),
  usage: reply("EmbeddingUsage", "Token counts.", {
    prompt_tokens: count("Tokens of all inputs."),
    total_tokens: count("The same."),
  }),
});
