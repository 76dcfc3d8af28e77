import type { App } from "../http/routes/all.ts";

/** A reply that Elysia would give by itself, and this server never does. */
type Unused = "422";

type Used<Node> = Node extends { response: infer Replies }
  ? Omit<Node, "response"> & {
      response: {
        [Status in keyof Replies as `${Status & number}` extends Unused ? never : Status]: Replies[Status];
      };
    }
  : { [Key in keyof Node]: Used<Node[Key]> };

/**
 * Every route of every dialect with its schemas, as Elysia keeps them in the type of the application: a key for each segment of the path,
 * the method last. The one type of the client that needs the server's code; a release writes out what it comes to.
 */
export type ServerRoutes = Used<App["~Routes"]>;
