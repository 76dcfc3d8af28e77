import { setCaller } from "../api/caller.ts";
import { bodyRoom } from "../api/wire/body-room.ts";
import { textReply } from "../api/wire/reply.ts";
import { ROUTE_HEADER, routeOf } from "../api/wire/route-key.ts";
import { streamEnd } from "../api/wire/stream-reply.ts";
import type { Guard, Verdict } from "./guard.ts";
import type { Observe } from "./observe.ts";
import { refuseBadEncoding } from "./well-encoded.ts";

type Handle = (request: Request) => Response | Promise<Response>;

/** The part of Bun's server that knows who calls; null where there is no socket. */
export interface Peers {
  requestIP(request: Request): { address: string } | null;
}

export interface DoorOptions {
  guard: Guard;
  /** Told of every request and its reply. */
  observe: Observe;
  /** Monotonic nanoseconds. */
  nanos(): number;
  server(): Peers | null;
  /** It listens on a unix socket, whose callers have no address. */
  isUnix: boolean;
}

/**
 * Slashes too many, as base URLs with a slash at their end make them, are one; at the end there is none. The request stays the
 * same object: Bun knows its socket by it.
 */
function tidyPath(request: Request): void {
  const url = new URL(request.url);
  const path = url.pathname.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  if (path === url.pathname) return;
  url.pathname = path;
  Object.defineProperty(request, "url", { value: url.href });
}

/** What surrounds every request: who may call comes before the routes, the log line after them. */
export function createDoor({ guard, observe, nanos, server, isUnix }: DoorOptions) {
  /** "" for a program that calls through a unix socket, or in this very process. */
  function addressOf(request: Request): string | undefined {
    const peers = server();
    return isUnix || peers === null ? "" : peers.requestIP(request)?.address;
  }

  async function answer(request: Request, verdict: Verdict, handle: Handle): Promise<Response> {
    if ("reply" in verdict) return verdict.reply;
    const response = refuseBadEncoding(request) ?? (await handle(request));
    for (const [name, value] of Object.entries(verdict.headers)) response.headers.set(name, value);
    const route = routeOf(request);
    if (route !== undefined) response.headers.set(ROUTE_HEADER, route);
    return response;
  }

  return (handle: Handle) =>
    async (request: Request): Promise<Response> => {
      // Bun makes the request's URL of its Host header, whatever that is. The text is Go's.
      if (!URL.canParse(request.url)) return textReply("400 Bad Request: malformed Host header", 400);
      tidyPath(request);
      const started = nanos();
      // Asked for now: once the connection is gone nobody knows.
      const verdict = guard(request, addressOf(request));
      setCaller(request, verdict.caller);
      const response = await answer(request, verdict, handle);
      void observe(request, response, verdict.caller, started);
      void (streamEnd(response) ?? Promise.resolve()).then(() => bodyRoom.leave(request));
      return response;
    };
}
