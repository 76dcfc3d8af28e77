import type { Clock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createUsageBooks, type UsageBooks } from "../../src/store/usage.ts";
import { UsageRecorder } from "../../src/telemetry/usage-recorder.ts";

/** The store's own books of usage, over a database in memory that is made when it is first needed. */
export function memoryUsage(clock: Clock, days = 90): UsageRecorder {
  let made: UsageBooks | undefined;
  const books = (): UsageBooks => {
    made ??= createUsageBooks({ db: openDatabase(":memory:") });
    return made;
  };
  return new UsageRecorder({
    books: {
      add: (rows) => books().add(rows),
      read: (query) => books().read(query),
      forget: (before) => books().forget(before),
    },
    clock,
    logger: silentLogger,
    days,
  });
}
