import { Kind, type TObject } from "@sinclair/typebox";
import { FewNamed } from "../../intent/few-named.ts";
import type { Notice } from "../../intent/generate.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { Logger } from "../../lib/logger.ts";
import { isVerbatim } from "./normalise.ts";
import { isObjectSchema } from "./schema-members.ts";

export const ignoredField = (field: string, why = "unknown field"): Notice => ({
  code: "ignored_field",
  message: `${field} ignored: ${why}`,
});

function collect(schema: TObject, value: Record<string, unknown>, prefix: string, found: FewNamed): void {
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (field === undefined) {
      found.add(`${prefix}${key}`);
      continue;
    }
    const [inner, members] = field[Kind] === "Array" ? [field.items, value[key]] : [field, [value[key]]];
    if (!isObjectSchema(inner) || isVerbatim(inner) || !Array.isArray(members)) continue;
    for (const member of members) if (isRecord(member)) collect(inner, member, `${prefix}${key}.`, found);
  }
}

/**
 * A notice for every field of a request that its schema does not know, by its dotted path without list positions. Ollama ignores
 * such fields silently; llamero says so in a `Warning` header. Fields that are kept verbatim may have any members.
 */
export function unknownFieldNotices(schema: TObject, body: object): Notice[] {
  const found = new FewNamed();
  if (isRecord(body)) collect(schema, body, "", found);
  return found.notices(
    (name) => ignoredField(name),
    (count) => ({ code: "ignored_field", message: `${count} more unknown fields ignored` }),
  );
}

/** Logs the notices that the client gets. */
export function logNotices(notices: readonly Notice[], path: string, logger: Logger): void {
  for (const { code, message } of notices) {
    const level = code === "left_out" ? "debug" : "warn";
    logger[level](message, { code, path });
  }
}
