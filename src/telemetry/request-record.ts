import type { AppError } from "../lib/errors.ts";
import type { ModelWork } from "./model-work.ts";

/** One request, when its reply has been made or a streamed one has ended: what the logs, the books and the metrics are made of. */
export interface RequestRecord {
  /** The id that the logs of all processes and the reply's `x-request-id` have. */
  id: string;
  /** The trace that it is a part of, as the client names it. */
  traceparent?: string;
  method: string;
  /** Without the query. */
  path: string;
  /** The path as its route was registered, e.g. `/api/blobs/:digest`; undefined where no route matched. */
  route?: string;
  status: number;
  /** How a streamed reply ended after its status was sent; `complete` for every other one. */
  end: "complete" | "cancelled" | AppError;
  /** The error with which it was refused or failed, where there was one. */
  failure?: AppError;
  /** Address of the caller's machine; "" where there is none. */
  address: string;
  /** Id of the API key that it carried; absent for none. */
  key?: string;
  /** The name that people gave it. */
  keyName?: string;
  /** When it came in, in milliseconds since the epoch. */
  startedAt: number;
  /** Nanoseconds that it took. */
  duration: number;
  /** Absent where no model was put to work. */
  work?: ModelWork;
}

/** Told of every request at its end. It must not throw, and not take long: the next request waits. */
export type RequestObserver = (record: RequestRecord) => void;

/** Did a request fail? A request that its client left did not. */
export const hasFailed = ({ status, end }: RequestRecord): boolean =>
  end === "cancelled" ? false : end !== "complete" || (status >= 400 && status !== 499);

/** The dialect of a request, by its path. */
export function dialectOf({ path }: Pick<RequestRecord, "path">): "anthropic" | "openai" | "ollama" {
  if (/^\/v1\/messages(\/|$)/.test(path)) return "anthropic";
  return path.startsWith("/v1/") ? "openai" : "ollama";
}
