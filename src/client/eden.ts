import type { App } from "../http/app.ts";

export type { App };

/** A reply that Elysia would give by itself, and this server never does. */
type Unused = "422";

type Used<Node> = Node extends { response: infer Replies }
  ? Omit<Node, "response"> & {
      response: {
        [Status in keyof Replies as `${Status & number}` extends Unused ? never : Status]: Replies[Status];
      };
    }
  : { [Key in keyof Node]: Used<Node[Key]> };

/** Every route of every dialect with its schemas, as Elysia keeps them in the type of the application. */
export type EdenRoutes = Used<App["~Routes"]>;
