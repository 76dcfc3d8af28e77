import type { Identity } from "../access/key-ring.ts";
import { covers, type Scope } from "../access/scope.ts";
import { AppError } from "../lib/errors.ts";

const HOW = "send one as `Authorization: Bearer KEY` or `x-api-key: KEY`";

/**
 * The refusal of a caller without `scope`, where keys are required; undefined for a caller that has it (docs/behaviour: keys §4). The
 * holder of a key that has expired or was revoked is told so: nobody else can have its secret.
 */
export function keyRefusal(identity: Identity, scope: Scope | undefined): AppError | undefined {
  if (scope === undefined) return undefined;
  const unauthorized = (text: string) => new AppError("unauthorized", text);
  if (identity.type === "none") return unauthorized(`this server asks for an API key: ${HOW}`);
  if (identity.type === "unknown") return unauthorized(`this server does not know the API key: ${HOW}`);
  const { name, scopes } = identity.key;
  if (identity.type !== "known")
    return unauthorized(
      `the API key "${name}" ${identity.type === "expired" ? "has expired" : "was revoked"}`,
    );
  if (covers(scopes, scope)) return undefined;
  return new AppError(
    "forbidden",
    `the API key "${name}" does not have the scope "${scope}" that this takes`,
  );
}
