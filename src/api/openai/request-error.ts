import { AppError } from "../../lib/errors.ts";

/** A refusal of one field of a request. */
export class RequestError extends AppError {
  /** The field, e.g. `messages[0].content`. */
  readonly param: string;
  /** A code that clients may decide on, e.g. `previous_response_not_found`. */
  readonly code: string | null;

  constructor(param: string, message: string, code: string | null = null) {
    super("bad_request", message);
    this.param = param;
    this.code = code;
  }
}
