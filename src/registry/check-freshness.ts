import { AppError } from "../lib/errors.ts";
import { withoutPaths } from "../lib/without-paths.ts";
import { shortName } from "../models/name.ts";
import type { Store } from "../store/store.ts";
import { fetchManifest } from "./manifest.ts";
import type { Freshness, ModelPull } from "./puller.ts";
import { RegistrySession, type SessionDeps } from "./session.ts";

/** Compares an installed model's manifest with the registry's. @throws the signal's reason only: failures are told in the reply. */
export async function checkFreshness(
  store: Store,
  deps: SessionDeps,
  request: ModelPull,
  signal: AbortSignal,
): Promise<Freshness | undefined> {
  const { name } = request;
  const local = store.reads.find(name)?.manifestDigest;
  if (local === undefined) return undefined;
  const base = { name: shortName(name), local };
  try {
    const session = new RegistrySession(name, request, deps);
    const manifest = await fetchManifest(session, name, signal);
    const remote = new Bun.CryptoHasher("sha256").update(manifest).digest("hex");
    return { ...base, state: remote === local ? "current" : "outdated", remote };
  } catch (error) {
    signal.throwIfAborted();
    return { ...base, state: "unknown", reason: withoutPaths(AppError.from(error).message) };
  }
}
