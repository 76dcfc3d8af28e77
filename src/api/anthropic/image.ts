import { AppError, badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { checkBase64 } from "../wire/base64.ts";

/**
 * The image of a block, in base64 (spec: api-openai §9.1 has the error texts).
 *
 * @param invalid what is said of a source that is none.
 */
export function imageOf(source: unknown, invalid = "invalid image source"): string {
  if (!isRecord(source)) throw badRequest(invalid);
  const { type, data } = source;
  if (type !== "base64") {
    throw badRequest(`invalid image source type: ${String(type)}. Only base64 images are supported.`);
  }
  if (typeof data !== "string") throw badRequest(invalid);
  try {
    return checkBase64(data);
  } catch (error) {
    throw badRequest(`invalid base64 image data: ${AppError.from(error).message}`);
  }
}
