import { RequestError } from "../../request-error.ts";
import type { InputItem } from "../schema/item.ts";
import type { PageQuery } from "../schema/stored.ts";

const DEFAULT_LIMIT = 20;

function following(items: readonly InputItem[], after: string | undefined): readonly InputItem[] {
  if (after === undefined) return items;
  const at = items.findIndex(({ id }) => id === after);
  if (at < 0) throw new RequestError("after", `Item with id '${after}' not found.`);
  return items.slice(at + 1);
}

/**
 * A page of a list: by default the last 20 items, the last one first.
 *
 * @throws AppError `bad_request` for an unknown item to go on after.
 */
export function itemPage(items: readonly InputItem[], { limit, order = "desc", after }: PageQuery) {
  const most = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  const rest = following(order === "asc" ? items : items.toReversed(), after);
  const data = rest.slice(0, most);
  return {
    object: "list" as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: rest.length > most,
  };
}
