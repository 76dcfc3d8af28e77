import type { Caller } from "../api/caller.ts";
import { notesOf } from "../api/request-notes.ts";
import { streamEnd } from "../api/wire/stream-reply.ts";
import type { Clock } from "../lib/clock.ts";
import type { RequestObserver } from "../telemetry/request-record.ts";
import type { RouteTable } from "./route-table.ts";

export interface ObserveOptions {
  clock: Clock;
  routes: RouteTable;
  observers: readonly RequestObserver[];
}

/** Tells the observers of a request, when its reply has been made or a streamed one has ended. */
export function createObserve({ clock, routes, observers }: ObserveOptions) {
  /** @param started when the request came in, in monotonic nanoseconds. */
  return async (request: Request, response: Response, caller: Caller, started: number): Promise<void> => {
    const end = await (streamEnd(response) ?? Promise.resolve("complete" as const));
    const { method, url } = request;
    const path = new URL(url).pathname;
    const route = routes.find(method, path);
    const duration = clock.nanos() - started;
    const record = {
      method,
      path,
      ...(route !== undefined && { route }),
      status: response.status,
      end,
      address: caller.address,
      ...(caller.key && { key: caller.key.id, keyName: caller.key.name }),
      startedAt: clock.now() - duration / 1e6,
      duration,
      ...notesOf(request),
    };
    for (const observer of observers) observer(record);
  };
}

export type Observe = ReturnType<typeof createObserve>;
