import type { TSchema } from "@sinclair/typebox";
import { type Example, type Examples, type Reply, routeDescriber } from "./describe-route.ts";
import { ErrorReply } from "./error-reply.ts";

/** Describes a route with the error envelope of everything below `/api`. */
export const describeRoute = routeDescriber(ErrorReply, (message) => ({ error: message }));

export const example = (summary: string, value: unknown): Example => ({ summary, value });

/** A reply of one JSON object. */
export const jsonReplyOf = (description: string, schema: TSchema, examples: Examples): Reply => ({
  description,
  content: { "application/json": { schema, examples } },
});
