import { requireLocal } from "../../inference/resolve-model.ts";
import type { CreateStatus, ModelCreation } from "../../models/catalog.ts";
import { parseModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import type { OllamaDeps } from "./deps.ts";

/** A create, preceded by a pull of the model that it builds on when that is not here (docs/behaviour: api-native §11). */
export async function* createAfterPull(
  { catalog, puller }: Pick<OllamaDeps, "catalog" | "puller">,
  intent: ModelCreation,
  signal: AbortSignal,
): AsyncGenerator<CreateStatus> {
  const name = intent.from === undefined ? undefined : parseModelName(intent.from.trim());
  if (name !== undefined && catalog.resolve(name) === undefined) {
    requireLocal(parseModelReference(intent.from ?? ""));
    for await (const line of puller.pull({ name, insecure: false }, signal)) {
      // `success` is the last line of the create, not of the pull.
      if (line.status !== "success") yield line;
    }
  }
  yield* catalog.create(intent, signal);
}
