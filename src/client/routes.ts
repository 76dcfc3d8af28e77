import type { Treaty } from "@elysiajs/eden";
import type { App } from "../http/app.ts";

/** The server's routes, as Eden reads them off its application. */
type Tree = Treaty.Create<App>;

type Endpoint = (...args: never[]) => Promise<unknown>;

type Body<E> = E extends (body?: infer B, ...rest: never[]) => unknown ? Exclude<B, undefined> : never;
type Reply<E> = E extends (...args: never[]) => Promise<infer R>
  ? R extends { data: infer D; error: null }
    ? D extends Response
      ? undefined
      : D
    : never
  : never;

/** The query string, where an endpoint has fields for it. */
type Query<E> = E extends (options?: infer O, ...rest: never[]) => unknown
  ? O extends { query?: infer Q extends object }
    ? keyof Q extends never
      ? undefined
      : string extends keyof Q
        ? undefined
        : Q
    : undefined
  : undefined;

/** What an endpoint takes and gives; undefined where it has no query string, or its request or reply no body. */
interface Exchange<Method, E> {
  query: Method extends "get" | "head" ? Query<E> : undefined;
  body: Method extends "get" | "head" ? undefined : Body<E>;
  reply: Reply<E>;
}

type RoutesOf<Node> = {
  [Key in Exclude<keyof Node, "~path">]: Node[Key] extends Endpoint
    ? Exchange<Key, Node[Key]>
    : RoutesOf<Node[Key]>;
} & (Node extends (params: infer Params) => infer Inner ? (params: Params) => RoutesOf<Inner> : unknown);

/**
 * A key for each segment of the path below `/api`, a call for each parameter, the method last. These two are the types of the client
 * that need the server's code: a release writes out what they come to.
 */
export type Routes = RoutesOf<Tree["api"]>;

/** The same below `/v1`, of what is asked there in one piece and the native API does not have. */
export type DecisionRoutes = RoutesOf<Pick<Tree["v1"], "systemone" | "decisions">>;
