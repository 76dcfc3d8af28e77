import { chmod } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { ROOT } from "../support/paths.ts";

/** Files beside the tarball that install it, or say how a machine runs it. */
const FILES = ["install.sh", "install.ps1"];

/**
 * Copies the install scripts, told which version they install, which Bun it runs on, and where the release lies.
 *
 * @param url of the released folder. Undefined: the scripts have to be told, by LLAMERO_RELEASE.
 */
export async function copyInstaller(folder: string, version: string, url: string | undefined): Promise<void> {
  for (const name of FILES) {
    const text = await Bun.file(join(ROOT, "deploy", name)).text();
    const target = join(folder, name);
    await Bun.write(
      target,
      text
        .replaceAll("@VERSION@", version)
        .replaceAll("@BUN@", packageJson.engines.bun)
        .replaceAll("@RELEASE@", url?.replace(/\/+$/, "") ?? ""),
    );
    await chmod(target, 0o755);
  }
}
