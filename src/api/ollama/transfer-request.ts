import { localReference } from "../../inference/resolve-model.ts";
import { badRequest } from "../../lib/errors.ts";
import type { ModelPull } from "../../registry/puller.ts";
import type { PullRequest as PullBody } from "./schema/pull.ts";
import type { PushRequest as PushBody } from "./schema/push.ts";

/**
 * A pull or push in the words of the registry room.
 *
 * @param unnamed the text where no model is named.
 * @throws AppError 400 for an invalid name, 403 for one that stands for a model of the cloud.
 */
export function translateTransfer(body: PullBody | PushBody, unnamed: string): ModelPull {
  const { name } = localReference(body.model || body.name || "", badRequest(unnamed));
  const { username = "", password = "" } = body;
  return {
    name,
    insecure: body.insecure === true,
    ...(username !== "" && { credentials: { username, password } }),
  };
}
