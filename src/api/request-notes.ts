import type { AppError } from "../lib/errors.ts";
import type { Work } from "../telemetry/work.ts";

/** What is noted of a request while it is answered, for the record that is made of it at its end. */
export interface RequestNotes {
  /** Absent where no model was put to work. */
  work?: Work;
  /** Why it was refused or failed. */
  failure?: AppError;
}

const notes = new WeakMap<Request, RequestNotes>();

/** The notes of a request, to be read and added to. */
export function notesOf(request: Request): RequestNotes {
  const known = notes.get(request);
  if (known !== undefined) return known;
  const fresh: RequestNotes = {};
  notes.set(request, fresh);
  return fresh;
}
