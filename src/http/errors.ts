import { ParseError, ValidationError } from "elysia";
import { renderNativeError } from "../api/ollama/render-error.ts";
import { notesOf } from "../api/request-notes.ts";
import { publicError } from "../api/wire/public-error.ts";
import { textReply } from "../api/wire/reply.ts";
import { AppError, notFound } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { type Envelope, envelopeOf } from "./envelopes.ts";
import { refusal } from "./refusal.ts";
import type { RouteTable } from "./route-table.ts";

interface Failure {
  error: unknown;
  code: unknown;
  request: Request;
}

/** The reply to a request that matches no route (docs/behaviour: api-native §1.1). */
function missReply(request: Request, routes: RouteTable): Response {
  const url = new URL(request.url);
  const miss = routes.miss(request.method, url.pathname);
  const allow = miss.type === "not_found" ? {} : { allow: miss.methods.join(", ") };
  const hint = miss.type === "not_found" ? miss.hint : undefined;
  const envelope = envelopeOf(hint ?? url.pathname);
  const { method } = request;
  if (envelope !== undefined) return inEnvelope(request, envelope, `${method} ${url.pathname}`, allow, hint);
  if (hint !== undefined || url.pathname.startsWith("/api"))
    return inEnvelope(request, NATIVE, "", allow, hint);
  if (miss.type === "not_found") return textReply("404 page not found", 404);
  return textReply("405 method not allowed", 405, allow);
}

/** The native API's texts are those of Ollama's router, in the form that its clients read. */
const NATIVE = { render: renderNativeError };

/** @param what method and path for the message; "" for Ollama's own texts. */
function inEnvelope(
  request: Request,
  { render }: Pick<Envelope, "render">,
  what: string,
  { allow }: { allow?: string },
  hint: string | undefined,
): Response {
  const error = allow === undefined ? unknownPath(what, hint) : unknownMethod(what);
  notesOf(request).failure = error;
  const reply = render(error);
  if (allow !== undefined) reply.headers.set("allow", allow);
  return reply;
}

function unknownPath(what: string, hint: string | undefined): AppError {
  const text = what === "" ? "404 page not found" : `unknown path: ${what}`;
  return notFound(hint === undefined ? text : `${text}; is ${hint} meant? Look at the client's base URL`);
}

const unknownMethod = (what: string): AppError =>
  new AppError("method_not_allowed", what === "" ? "405 method not allowed" : `method not allowed: ${what}`);

/** The error that was really thrown, where Elysia has wrapped it. */
function thrownIn(error: unknown): unknown {
  if (error instanceof ParseError) return error.cause ?? error;
  if (error instanceof ValidationError && error.customError instanceof AppError) return error.customError;
  return error;
}

/**
 * Elysia's `onError`: every failure becomes a reply, once, here. It covers routes that are registered after it.
 */
export const errorHandler =
  (routes: RouteTable, logger: Logger) =>
  ({ error, code, request }: Failure): Response => {
    if (code === "NOT_FOUND") return missReply(request, routes);
    const thrown = thrownIn(error);
    const failure = AppError.from(thrown);
    notesOf(request).failure = failure;
    const { pathname } = new URL(request.url);
    if (failure.status >= 500 && failure.kind !== "busy") {
      logger.error("request failed", { path: pathname, error: failure.message, stack: causeOf(failure) });
    }
    return refusal(publicError(thrown), pathname);
  };

/** The stack of an unexpected failure; for an expected one, such as a registry that cannot be reached, the message is enough. */
const causeOf = ({ kind, cause }: AppError): string | undefined =>
  kind === "internal" && cause instanceof Error ? cause.stack : undefined;
