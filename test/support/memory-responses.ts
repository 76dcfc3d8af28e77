import type { ResponseBooks } from "../../src/intent/response-books.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createResponses } from "../../src/store/responses.ts";

/** The store's own books of responses, over a database in memory that is made when it is first needed. */
export function memoryResponses(clock: Clock): ResponseBooks {
  let made: ResponseBooks | undefined;
  const books = (): ResponseBooks => {
    made ??= createResponses({ db: openDatabase(":memory:"), clock });
    return made;
  };
  return {
    keep: (response) => books().keep(response),
    find: (id) => books().find(id),
    conversation: (id) => books().conversation(id),
    item: (id) => books().item(id),
    remove: (id) => books().remove(id),
  };
}
