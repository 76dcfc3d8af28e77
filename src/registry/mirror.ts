import type { RegistryMirror } from "../config/mirror.ts";
import { AppError } from "../lib/errors.ts";
import type { ModelName } from "../models/name.ts";
import { fetchManifest } from "./manifest.ts";
import { RegistrySession, type SessionDeps, type SessionOptions } from "./session.ts";

/** A model's manifest, and the registry or mirror that its layers are fetched from. */
export interface Located {
  session: RegistrySession;
  manifest: Uint8Array;
  /** The session is with a mirror, which may begin to fetch a layer only now; see `mirror-wait.ts`. */
  isMirror: boolean;
}

/**
 * Asks the mirror of a model's registry for its manifest, and the registry itself where there is no mirror, or where that one does not
 * answer or does not have it.
 *
 * @throws AppError as `fetchManifest`, and 403 for a registry that is not allowed, whatever mirrors it.
 */
export async function locate(
  name: ModelName,
  options: SessionOptions,
  deps: SessionDeps,
  signal: AbortSignal,
): Promise<Located> {
  const own = new RegistrySession(name, options, deps);
  const mirror = deps.mirrors.find(({ of }) => of === name.host);
  if (mirror !== undefined) {
    try {
      const session = mirrorSession(mirror, deps);
      return { session, manifest: await fetchManifest(session, name, signal), isMirror: true };
    } catch (error) {
      signal.throwIfAborted();
      deps.logger.warn("the registry's mirror is passed over", {
        mirror: mirror.url,
        error: AppError.from(error).message,
      });
    }
  }
  return { session: own, manifest: await fetchManifest(own, name, signal), isMirror: false };
}

/** The mirror was configured, so it is allowed, also by http and in a private network. The caller's credentials are not for it. */
function mirrorSession({ url }: RegistryMirror, deps: SessionDeps): RegistrySession {
  const { host, protocol } = new URL(url);
  const policy = { ...deps.policy, allowed: [...deps.policy.allowed, host] };
  return new RegistrySession({ host }, { insecure: protocol === "http:" }, { ...deps, policy });
}
