import { aptInstall } from "./apt.ts";
import { Failure } from "./failure.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The installed Chromium; undefined when there is none on the PATH. */
export function findChromium(): string | undefined {
  for (const name of NAMES) {
    const path = Bun.which(name);
    if (path !== null) return path;
  }
  return undefined;
}

/**
 * The installed Chromium. Where there is none, Debian's is installed, if that can be done without asking anybody.
 *
 * @throws Failure when there is none and it cannot be installed.
 */
export async function requireChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  await aptInstall("chromium", "the full tests need Chromium on the PATH");
  const installed = findChromium();
  if (installed === undefined) throw new Failure("apt-get installed no chromium");
  return installed;
}
