import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { badRequest } from "../../../lib/errors.ts";
import { flag, integer, keepAlive, model, options, request, text, unsupported } from "../../wire/fields.ts";
import { indexed, refusing } from "../../wire/refusal.ts";
import { count, nanoseconds, reply, replyText } from "../../wire/reply-fields.ts";

const Document = Type.Object(
  { text: Type.String({ description: "What is read of it." }) },
  {
    title: "RankedDocument",
    description: "A document. Other fields than its text are sent back as they are.",
    additionalProperties: true,
  },
);

/** Failures name no field in `param`: one of the two paths has no place for it. */
const documents = Type.Optional(
  refusing(
    Type.Array(
      refusing(Type.Union([Type.String(), Document], { description: "A document." }), (_, path) =>
        badRequest(`${indexed(path)} must be a text or an object with a text`),
      ),
      { description: "Texts, or objects with a text, none of them empty.", minItems: 1 },
    ),
    (value) => badRequest(Array.isArray(value) ? "documents is empty" : "documents must be a list"),
  ),
);

const positive = (description: string) =>
  Type.Optional(
    refusing(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description }), (_, path) =>
      badRequest(`${indexed(path)} must be a positive integer`),
    ),
  );

export const RerankRequest = request(
  "RerankRequest",
  "A query, and documents to put in order.",
  {
    model,
    query: text("What the documents are to be relevant to. It is never cut."),
    documents,
    top_n: positive("How many of the best documents to reply with. Default: all."),
    return_documents: flag(
      "Send the documents back with their scores. Default: `/api/rerank` does, `/v1/rerank` does not.",
    ),
    max_tokens_per_doc: positive(
      "Tokens of a document that are read, from its start. Default: as many as fit.",
    ),
    rank_fields: unsupported("put what is to be read into each document's text", () =>
      badRequest("rank_fields is not supported: put what is to be read into each document's text"),
    ),
    truncate: flag(
      "Cut documents that do not fit the context. Default true, with a `Warning` header; false: they are refused.",
    ),
    options,
    keep_alive: keepAlive,
    max_chunks_per_doc: integer("Accepted: a document is read in one piece."),
  },
  ["model", "query", "documents"],
);
export type RerankRequest = Static<typeof RerankRequest>;

const place = {
  index: count("Its position in the request, from 0."),
  relevance_score: Type.Number({ description: "How relevant it is, from 0 to 1." }),
};

const inOrder = <Result extends TSchema>(result: Result) =>
  Type.Array(result, { description: "The most relevant first; of equal ones the first in the request." });

const AsSent = Type.Union([Type.String(), Document], { description: "The document as it was sent." });
const named = replyText("The model, as the request named it.");

export const RerankReply = reply("RerankResponse", "Documents in the order of their relevance.", {
  model: named,
  results: inOrder(
    reply("RerankResult", "A document's place in the order.", { ...place, document: Type.Optional(AsSent) }),
  ),
  total_duration: nanoseconds("Time of the whole request"),
  load_duration: nanoseconds("Time of waiting for the model, queueing included"),
  prompt_eval_count: Type.Optional(count("Tokens of all pairs of query and document.")),
});
export type RerankReply = Static<typeof RerankReply>;

export const CreateRerankReply = reply("CreateRerankResponse", "Documents in the order of their relevance.", {
  id: replyText("Name of this reply."),
  object: Type.Literal("list", { description: "`list`." }),
  model: named,
  results: inOrder(
    reply("CreateRerankResult", "A document's place in the order.", {
      ...place,
      document: Type.Optional(Document),
    }),
  ),
  usage: reply("RerankUsage", "Token counts.", {
    prompt_tokens: count("Tokens of all pairs of query and document."),
    total_tokens: count("The same."),
  }),
});
export type CreateRerankReply = Static<typeof CreateRerankReply>;
