import type { Caller } from "../api/caller.ts";
import { notesOf } from "../api/request-notes.ts";
import { streamEnd } from "../api/wire/stream-reply.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, type ErrorKind } from "../lib/errors.ts";
import type { RequestObserver } from "../telemetry/request-record.ts";
import type { RouteTable } from "./route-table.ts";

export interface ObserveOptions {
  clock: Clock;
  routes: RouteTable;
  observers: readonly RequestObserver[];
}

/** Most characters of a refusal's text that are read. */
const MOST_TEXT = 500;

/** The error of a request that the door itself refuses, before any route sees it; the text of the reply is the reason. */
async function refusalIn(response: Response): Promise<AppError | undefined> {
  const kind = REFUSALS[response.status];
  if (kind === undefined || streamEnd(response) !== undefined) return undefined;
  const text = (await response.clone().text()).trim();
  return new AppError(kind, text.slice(0, MOST_TEXT), { status: response.status });
}

const REFUSALS: Record<number, ErrorKind> = {
  400: "bad_request",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
};

/** Calls the observers when a request's reply has been made or a streamed one has ended. */
export function createObserve({ clock, routes, observers }: ObserveOptions) {
  /** @param started when the request came in, in monotonic nanoseconds. */
  return async (request: Request, response: Response, caller: Caller, started: number): Promise<void> => {
    const failure = notesOf(request).failure ?? (await refusalIn(response));
    const end = await (streamEnd(response) ?? Promise.resolve("complete" as const));
    const { method, url } = request;
    const path = new URL(url).pathname;
    const route = routes.find(method, path);
    const duration = clock.nanos() - started;
    const record = {
      method,
      path,
      ...defined({ route }),
      status: response.status,
      end,
      address: caller.address,
      ...defined({ key: caller.key?.id, keyName: caller.key?.name }),
      startedAt: clock.now() - duration / 1e6,
      duration,
      ...notesOf(request),
      ...defined({ failure }),
    };
    for (const observer of observers) observer(record);
  };
}

export type Observe = ReturnType<typeof createObserve>;
