import { type Caller, setCaller } from "../api/caller.ts";
import { textReply } from "../api/wire/reply.ts";
import type { AccessLog } from "./access-log.ts";
import type { Guard } from "./guard.ts";

type Handle = (request: Request) => Response | Promise<Response>;

/** The part of Bun's server that knows who calls; null where there is no socket. */
export interface Peers {
  requestIP(request: Request): { address: string } | null;
}

export interface DoorOptions {
  guard: Guard;
  accessLog: AccessLog;
  /** Monotonic nanoseconds. */
  nanos(): number;
  server(): Peers | null;
}

/** What surrounds every request: who may call comes before the routes, the log line after them. */
export function createDoor({ guard, accessLog, nanos, server }: DoorOptions) {
  async function answer(request: Request, handle: Handle): Promise<Response> {
    const verdict = guard(request);
    if ("reply" in verdict) return verdict.reply;
    const response = await handle(request);
    for (const [name, value] of Object.entries(verdict.headers)) response.headers.set(name, value);
    return response;
  }

  return (handle: Handle) =>
    async (request: Request): Promise<Response> => {
      // Bun makes the request's URL of its Host header, whatever that is. The text is Go's.
      if (!URL.canParse(request.url)) return textReply("400 Bad Request: malformed Host header", 400);
      const started = nanos();
      // Asked for now: once the connection is gone nobody knows.
      const address = server()?.requestIP(request)?.address ?? "";
      const caller: Caller = { id: address, address };
      setCaller(request, caller);
      const response = await answer(request, handle);
      void accessLog(request, response, caller, started);
      return response;
    };
}
