import type { TObject } from "@sinclair/typebox";
import type { Notice } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { unknownFields } from "./decode.ts";

export const ignoredField = (field: string, why = "unknown field"): Notice => ({
  code: "ignored_field",
  message: `${field} ignored: ${why}`,
});

/** A notice for every field of a decoded request that its schema does not know. */
export const unknownFieldNotices = (schema: TObject, body: object): Notice[] =>
  unknownFields(schema, body).map((field) => ignoredField(field));

/** Logs what the client is told in the `Warning` header. */
export function logNotices(notices: readonly Notice[], path: string, logger: Logger): void {
  for (const { code, message } of notices) logger.warn(message, { code, path });
}
