import type { TSchema } from "@sinclair/typebox";

/** A reply, as a route describes it. Its examples are in the dialect's `examples.ts`. */
export interface Reply {
  description: string;
  /** Schemas of the reply's bodies by media type; none when it has no body. */
  content?: Record<string, TSchema>;
}

/** A reply of one JSON object. */
export const oneObject = (description: string, schema: TSchema): Reply => ({
  description,
  content: { "application/json": schema },
});

/** Statuses of failures, each with its meaning on every route. */
const MEANINGS = {
  400: "The request is malformed, or asks for what cannot be done.",
  401: "The registry does not let this server, or whoever asks, do that.",
  403: "The request names a model of Ollama's cloud, which this server does not reach, or something else that is not allowed.",
  404: "There is no such thing on this server.",
  429: "A limit of the API key is reached. `Retry-After` says in how many seconds it is worth to try again.",
  413: "The JSON body is larger than 64 MiB.",
  499: "The client left before the reply began. Only the log and proxies see it.",
  500: "The engine or the server failed; the log says more.",
  501: "The model could, and this server lacks what it takes; the message says how to get it.",
  502: "The registry, or the way to it, failed.",
  503: "Busy: too many requests are waiting (`OLLAMA_MAX_QUEUE`), or the server is stopping. Try again later.",
  507: "The disk that holds the models is full. Nothing was kept.",
};
type FailureStatus = keyof typeof MEANINGS;

/**
 * Failures of the door on every route that is not open, where keys are required (`src/http/key-check.ts`), with their meanings.
 */
const KEY_FAILURES = {
  401: {
    meaning: "The server asks for an API key, and the request has none that is valid.",
    message: "this server asks for an API key: send one as `Authorization: Bearer KEY` or `x-api-key: KEY`",
  },
  403: {
    meaning: "The API key does not have the scope.",
    message: 'the API key "laptop" does not have the scope "manage" that this takes',
  },
  429: {
    meaning: MEANINGS[429],
    message: 'the API key "laptop" has used its 10000 tokens of this minute; try again in 21 s',
  },
} as const;
const KEY_STATUSES = [401, 403, 429] as const;

export interface RouteDescription {
  /** Name of the operation for code generators, and of its examples. */
  operationId: string;
  summary: string;
  description: string;
  /** One of the tags of the document. */
  tag: string;
  replies: Record<number, Reply>;
  /** Which failures can occur, each with an example of its message. */
  failures: Partial<Record<FailureStatus, string>>;
  deprecated?: true;
}

const mediaOf = (content: Record<string, TSchema>) =>
  Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }] as const));

const replyOf = ({ description, content }: Reply) => ({
  description,
  ...(content && { content: mediaOf(content) }),
});

/**
 * Makes a dialect's function that describes its routes: the `detail` of an Elysia route, complete for the OpenAPI document.
 *
 * @param schema the dialect's error envelope.
 * @param envelope an error of it with this message and status.
 */
export function routeDescriber(schema: TSchema, envelope: (message: string, status: number) => unknown) {
  const documented = (description: string, message: string, status: number) => ({
    description,
    content: { "application/json": { schema, example: envelope(message, status) } },
  });
  /** A status with a meaning of its own on a route has that one's example. */
  const keyFailures = (own: RouteDescription["failures"]) =>
    KEY_STATUSES.map((status) => {
      const { meaning, message } = KEY_FAILURES[status];
      const ownMessage = own[status];
      return [
        status,
        documented(
          ownMessage === undefined ? meaning : `${MEANINGS[status]} Or: ${meaning}`,
          ownMessage ?? message,
          status,
        ),
      ] as const;
    });
  return ({ tag, replies, failures, ...described }: RouteDescription) => {
    const succeeded = Object.entries(replies).map(([status, reply]) => [status, replyOf(reply)] as const);
    const failed = Object.entries(failures).map(
      ([status, message]) =>
        [status, documented(MEANINGS[Number(status) as FailureStatus], message, Number(status))] as const,
    );
    return {
      ...described,
      tags: [tag],
      responses: Object.fromEntries([...succeeded, ...failed, ...keyFailures(failures)]),
    };
  };
}
