import { defined } from "../lib/defined.ts";
import type { AppError } from "../lib/errors.ts";
import { randomId } from "../lib/random-id.ts";
import type { ModelWork } from "../telemetry/model-work.ts";

/** Notes about a request while it is answered, for the record that is made of it at its end. */
export interface RequestNotes {
  /** The id in logs and in the reply's `x-request-id`. */
  readonly id: string;
  /** The header `traceparent` (W3C Trace Context), as it was sent. */
  readonly traceparent?: string;
  /** Absent where no model was put to work. */
  work?: ModelWork;
  /** The error with which the request was refused or failed. */
  failure?: AppError;
}

/** Ids that may go into a log as they are. */
const GOOD_ID = /^[\w.:+=@-]{1,128}$/;
const ID_LENGTH = 20;

const notes = new WeakMap<Request, RequestNotes>();

/** The notes of a request, to be read and added to. Its id is the client's or a proxy's (`x-request-id`), where that is a good one. */
export function notesOf(request: Request): RequestNotes {
  const known = notes.get(request);
  if (known !== undefined) return known;
  const sent = request.headers.get("x-request-id") ?? "";
  const traceparent = request.headers.get("traceparent");
  const fresh: RequestNotes = {
    id: GOOD_ID.test(sent) ? sent : randomId(ID_LENGTH),
    ...defined({ traceparent: traceparent ?? undefined }),
  };
  notes.set(request, fresh);
  return fresh;
}
