import { join } from "node:path";
import { Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";

/** The versions that CHANGELOG.md names, newest first. */
export const versionsIn = (changelog: string): string[] =>
  [...changelog.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version = ""]) => version);

/** @throws Failure when package.json has another version than the newest that CHANGELOG.md tells of. */
export async function checkVersion(version: string): Promise<void> {
  const [newest] = versionsIn(await Bun.file(join(ROOT, "CHANGELOG.md")).text());
  if (newest === version) return;
  throw new Failure(`package.json has version ${version}, and CHANGELOG.md tells of ${newest ?? "none"}`);
}
