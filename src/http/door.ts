import type { Admission, Limiter } from "../access/limiter.ts";
import { setCaller } from "../api/caller.ts";
import { notesOf } from "../api/request-notes.ts";
import { bodyRoom } from "../api/wire/body-room.ts";
import { publicError } from "../api/wire/public-error.ts";
import { textReply } from "../api/wire/reply.ts";
import { ROUTE_HEADER, routeOf } from "../api/wire/route-key.ts";
import { streamEnd } from "../api/wire/stream-reply.ts";
import { AppError } from "../lib/errors.ts";
import type { Guard, Verdict } from "./guard.ts";
import type { Observe } from "./observe.ts";
import { refusal } from "./refusal.ts";
import { refuseBadEncoding } from "./well-encoded.ts";

type Handle = (request: Request) => Response | Promise<Response>;

/** The part of Bun's server that knows who calls; null where there is no socket. */
export interface Peers {
  requestIP(request: Request): { address: string } | null;
}

export interface DoorOptions {
  guard: Guard;
  limiter: Limiter;
  /** Called with every request and its reply. */
  observe: Observe;
  /** Loads the routes of a path that are not loaded from the start on; before that, the path's access is unknown. */
  laterFor(path: string): Promise<unknown> | undefined;
  /** Monotonic nanoseconds. */
  nanos(): number;
  server(): Peers | null;
  /** The server listens on a unix socket, whose callers have no address. */
  isUnix: boolean;
}

/**
 * Repeated slashes, which base URLs with a slash at their end cause, become one, and one at the end goes. The scheme is http, because
 * Elysia looks for the path from the eighth character on, which is a slash of `https://`. The request stays the same object: Bun knows
 * its socket by it.
 */
function tidyPath(request: Request): void {
  const url = new URL(request.url);
  const path = url.pathname.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  if (path === url.pathname && url.protocol === "http:") return;
  url.pathname = path;
  url.protocol = "http:";
  Object.defineProperty(request, "url", { value: url.href });
}

/** When a reply has been made, or a streamed one has ended. */
const ended = (response: Response): Promise<unknown> => streamEnd(response) ?? Promise.resolve();

/** Surrounds every request: the guard comes before the routes, the log line after them. */
export function createDoor({ guard, limiter, observe, laterFor, nanos, server, isUnix }: DoorOptions) {
  /** "" for a program that calls through a unix socket, or in this very process. */
  function addressOf(request: Request): string | undefined {
    const peers = server();
    return isUnix || peers === null ? "" : peers.requestIP(request)?.address;
  }

  /** Asks the guard. If the guard itself fails, the books of keys cannot be read: then the request is refused. */
  async function judge(request: Request, address: string | undefined): Promise<Verdict> {
    try {
      await laterFor(new URL(request.url).pathname);
      return guard(request, address);
    } catch (error) {
      const reply = refusal(publicError(error), new URL(request.url).pathname);
      return { reply, headers: {}, caller: { id: "", address: address ?? "" } };
    }
  }

  /** Lets the work of a key's request begin when the key's limits allow it, and counts what it takes. */
  async function admitted(request: Request, { metered, caller }: Verdict, handle: Handle): Promise<Response> {
    const admission = metered && (await limiter.admit(metered));
    if (admission === undefined) return handle(request);
    setCaller(request, { ...caller, used: counting(admission) });
    try {
      const response = await handle(request);
      void ended(response).then(admission.leave);
      return response;
    } catch (error) {
      admission.leave();
      throw error;
    }
  }

  async function answer(request: Request, verdict: Verdict, handle: Handle): Promise<Response> {
    if (verdict.failure !== undefined) notesOf(request).failure = verdict.failure;
    const refused = verdict.reply ?? refuseBadEncoding(request);
    if (refused !== undefined) return refused;
    try {
      return await admitted(request, verdict, handle);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      notesOf(request).failure = error;
      return refusal(error, new URL(request.url).pathname);
    }
  }

  return (handle: Handle) =>
    async (request: Request): Promise<Response> => {
      // Bun makes the request's URL of its Host header, whatever that is. The text is Go's.
      if (!URL.canParse(request.url)) return textReply("400 Bad Request: malformed Host header", 400);
      tidyPath(request);
      const started = nanos();
      // The address is read now: once the connection is closed Bun does not tell it.
      const verdict = await judge(request, addressOf(request));
      setCaller(request, verdict.caller);
      const response = await answer(request, verdict, handle);
      for (const [name, value] of Object.entries(verdict.headers)) response.headers.set(name, value);
      const route = routeOf(request);
      if (route !== undefined) response.headers.set(ROUTE_HEADER, route);
      response.headers.set("x-request-id", notesOf(request).id);
      void observe(request, response, verdict.caller, started);
      void ended(response).then(() => bodyRoom.leave(request));
      return response;
    };
}

const counting =
  ({ spend }: Admission) =>
  ({ promptTokens, generatedTokens }: { promptTokens: number; generatedTokens: number }): void =>
    spend(promptTokens + generatedTokens);
