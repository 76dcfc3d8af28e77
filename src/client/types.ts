import type { DecisionRoutes, Routes } from "./routes.ts";

/**
 * Names for the JSON of requests and replies. All of them are read off the server's own schemas, through the routes' types: durations are
 * nanoseconds, times RFC 3339.
 */

/** Fields that only the last chunk of an answer has. */
type FinalField = "done_reason" | "context" | "truncated" | `${string}_count` | `${string}_duration`;

/** A chunk with a part of the answer. */
type PartOf<R> = Omit<R, "done" | "_debug_info" | Extract<keyof R, FinalField>> & { done: false };
/** The last chunk: why the answer ended, counts and times. */
type FinalOf<R> = Omit<R, "done" | "_debug_info"> & { done: true };
/** `done` tells the one from the other. */
type ChunkOf<R> = PartOf<R> | FinalOf<R>;

/** A request as the streaming functions take it: they set `stream` themselves, and cannot do without a model. */
type Streamed<B> = Omit<B, "stream" | "model" | "_debug_render_only"> & { model: string };

/** The JSON that an endpoint takes. */
type Body<E> = E extends { body: infer B } ? B : never;
/** The JSON that it replies with. */
type Reply<E> = E extends { reply: infer R } ? R : never;

type Post<Path extends keyof Routes> = Routes[Path] extends { post: infer Endpoint } ? Endpoint : never;
type Get<Path extends keyof Routes> = Routes[Path] extends { get: infer Endpoint } ? Endpoint : never;

export type GenerateRequest = Streamed<Body<Post<"generate">>>;
export type GenerateReply = Reply<Post<"generate">>;
export type GenerateChunk = ChunkOf<GenerateReply>;

export type ChatRequest = Streamed<Body<Post<"chat">>>;
export type ChatReply = Reply<Post<"chat">>;
export type ChatChunk = ChunkOf<ChatReply>;
/** A message of a request. */
export type ChatMessage = NonNullable<ChatRequest["messages"]>[number];
/** A call that a model makes. */
export type ToolCall = NonNullable<ChatReply["message"]["tool_calls"]>[number];

export type FormatValue = NonNullable<ChatRequest["format"]>;
export type ThinkValue = NonNullable<ChatRequest["think"]>;
export type KeepAliveValue = NonNullable<ChatRequest["keep_alive"]>;

/** Counts and times of the last chunk; a zero is left out. */
export type AnswerMetrics = Pick<
  ChatReply,
  Extract<keyof ChatReply, `${string}_count` | `${string}_duration`>
>;

export type CreateRequest = Streamed<Body<Post<"create">>>;
/** One line of progress; the last one's status is `success`. */
export type CreateProgress = Reply<Post<"create">>;

export type PullRequest = Streamed<Body<Post<"pull">>>;
/** One line of progress; the last one's status is `success`. */
export type PullProgress = Reply<Post<"pull">>;

/** A pull that the server knows of, also one that has ended. */
export type KnownPull = Reply<Get<"pulls">>["pulls"][number];

export type PushRequest = Streamed<Body<Post<"push">>>;
/** One line of progress; the last one's status is `success`. */
export type PushProgress = Reply<Post<"push">>;

export type ImportRequest = Omit<Body<Post<"import">>, "stream" | "path"> & { path: string };
/** One line about an import, told apart by `status`; the last one is `done`. */
export type ImportLine = Reply<Post<"import">>;

export type VerifyRequest = Omit<Body<Post<"verify">>, "stream">;
/** One line about a verification, told apart by `status`; the last one is `done`. */
export type VerifyLine = Reply<Post<"verify">>;

export type EmbedRequest = Body<Post<"embed">>;
export type EmbedReply = Reply<Post<"embed">>;

export type RerankRequest = Body<Post<"rerank">>;
export type RerankReply = Reply<Post<"rerank">>;
export type TokenizeRequest = Body<Post<"tokenize">>;
export type TokenizeReply = Reply<Post<"tokenize">>;
export type DetokenizeRequest = Body<Post<"detokenize">>;
export type DetokenizeReply = Reply<Post<"detokenize">>;

/** Questions about one input by names, in the form of Ollama and TypeSafe. */
export type SystemOneRequest = Body<DecisionRoutes["systemone"]["post"]>;
export type SystemOneReply = Reply<DecisionRoutes["systemone"]["post"]>;
/** A question of it: yes or no, one of several, or a level. */
export type SystemOneQuestion = NonNullable<SystemOneRequest["questions"]>[string];
/** The answer to it, told apart by `type`. */
export type SystemOneAnswer = SystemOneReply["answers"][string];
/** Questions about one input in a list, in OpenAI's form. */
export type DecisionRequest = Body<DecisionRoutes["decisions"]["post"]>;
export type DecisionReply = Reply<DecisionRoutes["decisions"]["post"]>;

export type UsageReply = Reply<Get<"usage">>;
/** The sums of one bucket of time, and of one group in it. */
export type UsageEntry = UsageReply["usage"][number];

/** Fields that an Ollama server adds for models that run elsewhere. */
interface Remote {
  remote_model?: string;
  remote_host?: string;
}

export type ListedModel = Reply<Get<"tags">>["models"][number] & Remote;
export type RunningModel = Reply<Get<"ps">>["models"][number];
export type ShowReply = Reply<Post<"show">> & Remote;

/** A request that waits for a slot, for its model or for memory. */
export type QueuedRequest = Reply<Get<"queue">>["queued"][number];
