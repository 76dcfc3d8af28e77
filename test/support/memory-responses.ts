import type { Clock } from "../../src/lib/clock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createResponses, type Responses } from "../../src/store/responses.ts";

/** The store's own books of responses, over a database in memory that is made when it is first needed. */
export function memoryResponses(clock: Clock): Responses {
  let made: Responses | undefined;
  const books = (): Responses => {
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
