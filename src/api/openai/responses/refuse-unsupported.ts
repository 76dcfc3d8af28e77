import { refuseFields, refuseTier, refuseVerbosity } from "../refusals.ts";
import { RequestError } from "../request-error.ts";
import type { ResponseRequest } from "./model/request.ts";

/** Fields that cannot be honoured, whatever they say. */
const REFUSED = {
  conversation: "conversation is not supported: use previous_response_id",
  prompt: "prompt is not supported: no prompts are kept",
  context_management: "context_management is not supported: use truncation",
  moderation: "moderation is not supported: nothing is moderated",
  access_programs: "access_programs is not supported: there are none",
  image: "image is not supported: models take text only",
  personality: "personality is not supported: models have none to choose from",
};

/** @throws AppError `bad_request` for a field that nothing here can honour. */
export function refuseUnsupported(body: ResponseRequest): void {
  refuseFields(body, REFUSED);
  if (body.background) {
    throw new RequestError(
      "background",
      "background is not supported: a response needs a client that waits for it",
    );
  }
  refuseTier(body.service_tier);
  refuseVerbosity("text.verbosity", body.text?.verbosity);
}
