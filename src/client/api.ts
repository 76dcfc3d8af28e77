import { LlameroError } from "./error.ts";
import type { Result } from "./result.ts";
import type { DecisionRoutes, Routes } from "./routes.ts";
import { errorOf, failureOf, jsonInit, type RequestOptions, type Transport } from "./transport.ts";

/** Request and reply of an endpoint of {@link Routes}. */
interface Exchange {
  query: unknown;
  body: unknown;
  reply: unknown;
}

/** An endpoint that can stream must be called with `stream: false` here: a stream would not have the type of the reply. */
type Sent<B> = unknown extends B
  ? undefined
  : "stream" extends keyof B
    ? Omit<B, "stream"> & { stream: false }
    : B;

/** The query string of an endpoint that has one. */
type Asked<Q> = [Q] extends [undefined] ? unknown : { query?: Q };

type Call<Method, E extends Exchange> = Method extends "get" | "head"
  ? (options?: RequestOptions & Asked<E["query"]>) => Promise<Result<E["reply"]>>
  : (body: Sent<E["body"]>, options?: RequestOptions) => Promise<Result<E["reply"]>>;

/** {@link Routes} as calls: a key for each segment of the path, a call for each parameter, the method last. */
type Tree<Node> = {
  [Key in keyof Node]: Node[Key] extends Exchange ? Call<Key, Node[Key]> : Tree<Node[Key]>;
} & (Node extends (params: infer Params) => infer Inner ? (params: Params) => Tree<Inner> : unknown);

export type Api = Tree<Routes>;
export type Decisions = Tree<DecisionRoutes>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/**
 * The tree at run time. Types are Eden's, the requests our own: Eden reports an abort, and a server that does not answer, as a reply
 * with status 503, cannot be imported before anything is installed, and makes numbers of texts that look like one.
 *
 * @internal
 */
export function createApi(transport: Transport): { api: Api; v1: Decisions } {
  // A proxy has every path; that only the server's are used is what the type is for.
  return {
    api: nodeOf(transport, ["api"]) as unknown as Api,
    v1: nodeOf(transport, ["v1"]) as unknown as Decisions,
  };
}

function nodeOf(transport: Transport, path: readonly string[]): object {
  return new Proxy(() => {}, {
    // A node is no promise, though `await` asks every object whether it is.
    get: (_, key) =>
      typeof key === "string" && key !== "then" ? nodeOf(transport, [...path, key]) : undefined,
    apply(_, __, args: unknown[]) {
      const name = path.at(-1)?.toUpperCase();
      const method = METHODS.find((each) => each === name);
      if (method === undefined)
        return nodeOf(transport, [...path, ...Object.values(args[0] ?? {}).map(segment)]);
      return request(transport, method, `/${path.slice(0, -1).join("/")}`, args);
    },
  });
}

/** A parameter as a segment of a path; a digest's colon may stay as it is. */
const segment = (value: unknown): string => encodeURIComponent(String(value)).replaceAll("%3A", ":");

/** @throws the signal's reason when the caller aborts; every other failure is a value. */
async function request(
  transport: Transport,
  method: Method,
  path: string,
  args: readonly unknown[],
): Promise<Result<unknown>> {
  const [body, options] = method === "GET" || method === "HEAD" ? [undefined, args[0]] : args;
  const { signal, query = {} }: RequestOptions & { query?: Record<string, string> } = options ?? {};
  const search = new URLSearchParams(query).toString();
  let headers = new Headers();
  try {
    const response = await transport.send(
      method,
      search === "" ? path : `${path}?${search}`,
      jsonInit(body),
      { ...(signal && { signal }) },
    );
    headers = response.headers;
    if (!response.ok) return { data: null, error: await errorOf(response), headers };
    return { data: await jsonOf(response), error: null, headers };
  } catch (thrown) {
    const error = failureOf(thrown, signal);
    if (error instanceof LlameroError) return { data: null, error, headers };
    throw error;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}
