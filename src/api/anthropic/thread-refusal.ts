import { AppError } from "../../lib/errors.ts";

/**
 * The refusal of a conversation that the server is to keep. Anthropic's tool runners ask for one, and send the whole conversation
 * instead when they find this code in the details of the error.
 */
export class ThreadRefusal extends AppError {
  readonly details = { error_code: "thread_unsupported_request", unsupported: ["thread"] };

  constructor() {
    super("bad_request", "thread is not supported: nothing is stored; send the whole conversation");
  }
}
