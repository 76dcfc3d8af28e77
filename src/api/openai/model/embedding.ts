import { type Static, Type } from "@sinclair/typebox";
import { checked, flag, keepAlive, model, options, request, text } from "../../wire/fields.ts";
import { count, reply, said } from "../../wire/reply-fields.ts";

const tokens = Type.Array(Type.Integer({ description: "A token." }), { description: "A text as tokens." });

export const CreateEmbeddingRequest = request(
  "CreateEmbeddingRequest",
  "Texts to embed.",
  {
    model,
    input: checked(
      Type.Union(
        [Type.String(), Type.Array(Type.String({ description: "A text." })), tokens, Type.Array(tokens)],
        {
          description: "A text, or the tokens of one, or a list of either.",
        },
      ),
    ),
    encoding_format: checked(
      Type.Union([Type.Literal("float"), Type.Literal("base64")], {
        description: "`float`, the default, for numbers; `base64` for little-endian 32-bit floats.",
      }),
    ),
    dimensions: checked(
      Type.Integer({ minimum: 1, description: "Length to cut the vectors to. Default: the model's own." }),
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
