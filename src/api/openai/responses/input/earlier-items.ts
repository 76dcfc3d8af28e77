import type { ResponseBooks } from "../../../../intent/response-books.ts";
import { RequestError } from "../../request-error.ts";
import type { Item } from "./item.ts";
import { storedItem } from "./stored-item.ts";

const PARAM = "previous_response_id";

/**
 * The items of the responses that a request continues, the first one's first; their instructions are not among them.
 *
 * @throws AppError `bad_request` with code `previous_response_not_found` when one of them is unknown, expired or deleted: a
 *   conversation with a hole in it is not continued.
 */
export function earlierItems(previous: string | undefined, books: ResponseBooks): Item[] {
  if (previous === undefined) return [];
  const conversation = books.conversation(previous);
  if (conversation.type === "whole") return conversation.items.map((item) => storedItem(item, PARAM));
  if (conversation.type === "too_long") {
    throw new RequestError(
      PARAM,
      "the conversation is too long to be continued: send what matters of it as input",
    );
  }
  throw new RequestError(
    PARAM,
    `Previous response with id '${conversation.missing}' not found.`,
    "previous_response_not_found",
  );
}
