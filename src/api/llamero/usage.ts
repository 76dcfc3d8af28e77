import { Elysia } from "elysia";
import { defined } from "../../lib/defined.ts";
import { badRequest } from "../../lib/errors.ts";
import { parseModelName, shortName } from "../../models/name.ts";
import { GROUPS, type UsageBucket, type UsageGroup, type UsageQuery } from "../../store/usage.ts";
import { exchange } from "../exchange.ts";
import { explained } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import type { LlameroDeps } from "./deps.ts";
import {
  type UsageEntry,
  UsageQueryText as UsageQuerySchema,
  type UsageQueryText,
  UsageReply,
} from "./schema/usage.ts";

const HOUR_MS = 3_600_000;

/** The value of `key` for requests without one. */
const NO_KEY = "none";

/** Length of a bucket, and the span that is reported where the query has no `since`. */
const BUCKETS = {
  hour: { ms: HOUR_MS, spanMs: 24 * HOUR_MS },
  day: { ms: 24 * HOUR_MS, spanMs: 30 * 24 * HOUR_MS },
};

/** @throws AppError `bad_request` for an invalid time. */
function momentOf(name: string, text: string | undefined, absent: number): number {
  if (text === undefined || text === "") return absent;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw badRequest(`${name} must be a date or time such as 2026-11-30 or 2026-11-30T08:00:00Z`);
  }
  return ms;
}

/** @throws AppError `bad_request` for an unknown group. */
function groupsOf(text = ""): UsageGroup[] {
  const words = text.split(",").map((word) => word.trim());
  const known = GROUPS.filter((group) => words.includes(group));
  const unknown = words.find((word) => word !== "" && !known.some((group) => group === word));
  if (unknown === undefined) return known;
  throw badRequest(
    `group must be of ${GROUPS.join(", ")}, separated by commas, not ${JSON.stringify(unknown)}`,
  );
}

/** Keys that this server has or had: by id, with their names. */
const namesOf = ({ books, file }: LlameroDeps["keys"]): Map<string, string> =>
  new Map([...books.list(), ...file].map(({ id, name }) => [id, name]));

/** The rows that a query's `key` and `model` select. An unknown key or model has used nothing. */
function onlyOf(
  { key = "", model = "" }: UsageQueryText,
  names: ReadonlyMap<string, string>,
): UsageQuery["only"] {
  const named = [...names].filter(([, name]) => name === key).map(([id]) => id);
  const parsed = parseModelName(model);
  return {
    ...(key !== "" && { key: key === NO_KEY ? ["", ...named] : [key, ...named] }),
    ...(model !== "" && { model: [parsed === undefined ? model : shortName(parsed)] }),
  };
}

/** A query string as a query of the books. Whole buckets are counted: it begins with the beginning of the first one. */
function readQuery(query: UsageQueryText, names: ReadonlyMap<string, string>, now: number): UsageQuery {
  const { from, to, bucket = "hour", group } = query;
  const { ms, spanMs } = BUCKETS[bucket];
  const end = momentOf("to", to, now);
  const start = momentOf("from", from, end - spanMs);
  if (start >= end) throw badRequest("from must be before to");
  const only = onlyOf(query, names) ?? {};
  return { from: Math.floor(start / ms) * ms, to: end, bucketMs: ms, by: groupsOf(group), only };
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString();

const keyFields = (key: string, name: string | undefined) => ({
  key: key === "" ? null : key,
  ...defined({ key_name: name }),
});

const entryOf = ({ start, group, ...sums }: UsageBucket, names: ReadonlyMap<string, string>): UsageEntry => ({
  start: rfc3339(start),
  ...defined({ model: group.model }),
  ...(group.key !== undefined && keyFields(group.key, names.get(group.key))),
  ...defined({ dialect: group.dialect, kind: group.kind }),
  requests: sums.requests,
  errors: sums.errors,
  prompt_tokens: sums.promptTokens,
  cached_tokens: sums.cachedTokens,
  output_tokens: sums.generatedTokens,
  first_tokens: sums.firstTexts,
  first_token_ms: sums.firstTextMs,
  first_token_max_ms: sums.firstTextMaxMs,
  duration_ms: sums.durationMs,
});

const usageDocs = describeNativeRoute({
  operationId: "usage",
  summary: "Usage over time",
  description:
    "How many requests there were, their tokens, those that came from the cache, and how long they took, by hour or day and if asked by model, API key, dialect and kind of work. It is kept for `OLLAMA_USAGE_DAYS`. Requests under way count when they have ended; those that named no installed model do not count.",
  tag: "models",
  replies: { 200: oneObject("The sums.", UsageReply) },
  failures: { 400: 'bucket must be "hour" or "day"' },
});

/** GET /api/usage: the work that models have done for requests, hour by hour or day by day. */
export const usageRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.usage" }).get(
    "/api/usage",
    ({ request, server, query }) => {
      const call = exchange(request, server, deps);
      const names = namesOf(deps.keys);
      const asked = readQuery(query, names, deps.clock.now());
      const { bucket = "hour" } = query;
      const usage = deps.usage.read(asked).map((sum) => entryOf(sum, names));
      return call.json(UsageReply, { from: rfc3339(asked.from), to: rfc3339(asked.to), bucket, usage });
    },
    { query: explained(UsageQuerySchema), response: { 200: UsageReply }, detail: usageDocs },
  );
