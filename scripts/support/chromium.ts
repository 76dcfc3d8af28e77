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
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null) {
    throw new Failure("the full tests need Chromium on the PATH, e.g. `sudo apt-get install chromium`");
  }
  await aptGet("update");
  await aptGet("install", "--yes", "--no-install-recommends", "chromium");
  const installed = findChromium();
  if (installed === undefined) throw new Failure("apt-get installed no chromium");
  return installed;
}

async function aptGet(...args: string[]): Promise<void> {
  const child = Bun.spawn(["apt-get", "--quiet=2", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Failure(`apt-get ${args[0]} failed`);
}
