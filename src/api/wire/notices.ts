import { Kind, type TObject } from "@sinclair/typebox";
import type { Notice } from "../../intent/generate.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { Logger } from "../../lib/logger.ts";
import { isVerbatim } from "./normalise.ts";
import { isObject } from "./schema-members.ts";

export const ignoredField = (field: string, why = "unknown field"): Notice => ({
  code: "ignored_field",
  message: `${field} ignored: ${why}`,
});

/** Most unknown fields that are named, so that the header and the log have room for the number of the others. */
const MAX_NAMED = 7;

/** Most characters of a name, which a client may have made megabytes long. */
const MAX_NAME = 100;

/** The unknown fields of a body, of which there may be millions: a few by name, each once, and the number of the others. */
class UnknownFields {
  readonly #named = new Set<string>();
  #others = 0;

  add(path: string): void {
    const name = path.length > MAX_NAME ? `${path.slice(0, MAX_NAME)}…` : path;
    if (this.#named.has(name)) return;
    if (this.#named.size < MAX_NAMED) this.#named.add(name);
    else this.#others++;
  }

  get notices(): Notice[] {
    const named = [...this.#named].map((name) => ignoredField(name));
    if (this.#others === 0) return named;
    return [...named, { code: "ignored_field", message: `${this.#others} more unknown fields ignored` }];
  }
}

function collect(
  schema: TObject,
  value: Record<string, unknown>,
  prefix: string,
  found: UnknownFields,
): void {
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (field === undefined) {
      found.add(`${prefix}${key}`);
      continue;
    }
    const [inner, members] = field[Kind] === "Array" ? [field.items, value[key]] : [field, [value[key]]];
    if (!isObject(inner) || isVerbatim(inner) || !Array.isArray(members)) continue;
    for (const member of members) if (isRecord(member)) collect(inner, member, `${prefix}${key}.`, found);
  }
}

/**
 * A notice for every field of a request that its schema does not know, by its dotted path without list positions. Ollama ignores
 * such fields silently; llamero says so in a `Warning` header. What is kept verbatim may have any.
 */
export function unknownFieldNotices(schema: TObject, body: object): Notice[] {
  const found = new UnknownFields();
  if (isRecord(body)) collect(schema, body, "", found);
  return found.notices;
}

/** Logs what the client is told in the `Warning` header. */
export function logNotices(notices: readonly Notice[], path: string, logger: Logger): void {
  for (const { code, message } of notices) logger.warn(message, { code, path });
}
