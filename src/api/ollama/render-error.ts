import type { AppError } from "../../lib/errors.ts";
import { jsonReply } from "../wire/reply.ts";

/** The native API's error envelope (docs/behaviour: api-native §1.3). */
export const renderNativeError = ({ status, message }: AppError): Response =>
  jsonReply({ error: message }, { status });
