import type { ServerRoutes } from "./server.ts";

/** An endpoint as the server declares it. `unknown` stands for parts that it does not read. */
interface Declared {
  query: unknown;
  body: unknown;
  response: unknown;
}

type Unless<Nothing, T> = unknown extends T ? Nothing : T;

/** The JSON of the reply that is no failure. */
type Reply<Replies> = Replies extends { 200: infer R } ? (R extends Response ? undefined : R) : undefined;

/** Request and reply of an endpoint; undefined where it has no query string, or its request or reply no body. */
interface Exchange<Method, E extends Declared> {
  query: Method extends "get" | "head" ? Unless<undefined, E["query"]> : undefined;
  body: Method extends "get" | "head" ? undefined : E["body"];
  reply: Reply<E["response"]>;
}

/** A segment that stands for a parameter. */
type Parameter<Name extends string = string> = `:${Name}`;

/** A call for the parameter, if there is one. */
type Parameters<Node> = {
  [Key in Extract<keyof Node, Parameter>]: Key extends Parameter<infer Name>
    ? (params: { [Each in Name]: string | number }) => RoutesOf<Node[Key]>
    : never;
}[Extract<keyof Node, Parameter>];

type RoutesOf<Node> = {
  [Key in Exclude<keyof Node, Parameter>]: Node[Key] extends Declared
    ? Exchange<Key, Node[Key]>
    : RoutesOf<Node[Key]>;
} & (Extract<keyof Node, Parameter> extends never ? unknown : Parameters<Node>);

/** A key for each segment of the path below `/api`, a call for each parameter, the method last. */
export type Routes = RoutesOf<ServerRoutes["api"]>;

/** The same below `/v1`, for the routes without a stream that the native API does not have. */
export type DecisionRoutes = RoutesOf<Pick<ServerRoutes["v1"], "systemone" | "decisions">>;
