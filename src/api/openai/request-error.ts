import { AppError } from "../../lib/errors.ts";

/** A refusal of one field of a request. */
export class RequestError extends AppError {
  /** The field, e.g. `messages[0].content`. */
  readonly param: string;

  constructor(param: string, message: string) {
    super("bad_request", message);
    this.param = param;
  }
}
