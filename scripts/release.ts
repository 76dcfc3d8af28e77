import { resolve } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { packBun } from "./release/bun-zip.ts";
import { buildChecksums } from "./release/checksums.ts";
import { buildClient } from "./release/client/client-package.ts";
import { freshFolder } from "./release/folder.ts";
import { writeFormula } from "./release/formula.ts";
import { copyInstaller } from "./release/installer.ts";
import { writeLicences } from "./release/licences.ts";
import { buildServer } from "./release/server-package.ts";
import { checkVersion } from "./release/version.ts";
import { runScript } from "./support/failure.ts";

/**
 * Builds what is released into a folder that any web server can serve: `bun run release [FOLDER] [--url=URL] [--with-bun]`.
 *
 *   llamero-<version>.tgz           the server, for npm, Bun and the install script
 *   llamero-client-<version>.tgz    the client
 *   install.sh, install.ps1         for `curl … | sh`; they fetch the rest from URL
 *   llamero.rb                      the same for Homebrew
 *   bun-<platform>.zip              with `--with-bun`: this machine's Bun, for machines without npm
 *   LICENCES.txt, SHA256SUMS
 */
async function main(): Promise<void> {
  const [folder = "dist"] = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
  const url = process.argv.find((arg) => arg.startsWith("--url="))?.slice("--url=".length);
  const { version } = packageJson;
  const target = resolve(folder);
  await checkVersion(version);
  await freshFolder(target);
  await buildServer(target, version);
  await buildClient(target, version);
  await copyInstaller(target, version, url);
  await writeFormula(target, version, url);
  if (process.argv.includes("--with-bun")) await packBun(target);
  await writeLicences(target);
  await buildChecksums(target);
  console.log(`llamero ${version} is in ${target}`);
}

await runScript(main);
