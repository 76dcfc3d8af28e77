import { AppError } from "../../lib/errors.ts";
import { routeDescriber } from "../wire/describe-route.ts";
import { anthropicErrorBody } from "./render-error.ts";
import { AnthropicError } from "./schema/reply.ts";

/** A request's id, for examples. */
export const REQUEST_ID = "req_018ee9e5c1f4a2b3d6c7f8a9";

/** Describes a route of Anthropic's API, with its error envelope. */
export const describeAnthropicRoute = routeDescriber(AnthropicError, (message, status) =>
  anthropicErrorBody(new AppError("bad_request", message, { status }), REQUEST_ID),
);
