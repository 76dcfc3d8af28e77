import { RequestError } from "../request-error.ts";
import type { InputItem } from "./model/item.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** Query parameters of a list, as they came. */
export interface PageQuery {
  limit?: string | undefined;
  order?: string | undefined;
  after?: string | undefined;
}

function limitOf(limit: string | undefined): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  const wanted = Number(limit);
  if (/^\d+$/.test(limit) && wanted >= 1 && wanted <= MAX_LIMIT) return wanted;
  throw new RequestError("limit", `limit must be an integer between 1 and ${MAX_LIMIT}`);
}

function ordered(items: readonly InputItem[], order = "desc"): InputItem[] {
  if (order === "asc") return [...items];
  if (order === "desc") return items.toReversed();
  throw new RequestError("order", 'order must be "asc" or "desc"');
}

function following(items: readonly InputItem[], after: string | undefined): readonly InputItem[] {
  if (after === undefined) return items;
  const at = items.findIndex(({ id }) => id === after);
  if (at < 0) throw new RequestError("after", `Item with id '${after}' not found.`);
  return items.slice(at + 1);
}

/**
 * A page of a list: by default the last 20 items, the last one first.
 *
 * @throws AppError `bad_request` for a limit beyond 1 to 100, another order, or an unknown item to go on after.
 */
export function itemPage(items: readonly InputItem[], { limit, order, after }: PageQuery) {
  const most = limitOf(limit);
  const rest = following(ordered(items, order), after);
  const data = rest.slice(0, most);
  return {
    object: "list" as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: rest.length > most,
  };
}
