import { join } from "node:path";
import { ROOT } from "../support/paths.ts";
import { sha256OfFile } from "../support/sha256.ts";

/**
 * Writes the formula for `brew install --formula ./llamero.rb`, with the digest of the server's tarball, which is there already.
 *
 * @param url of the released folder. Undefined: the formula fetches the tarball from beside it.
 */
export async function writeFormula(folder: string, version: string, url: string | undefined): Promise<void> {
  const text = await Bun.file(join(ROOT, "deploy/homebrew/llamero.rb")).text();
  await Bun.write(
    join(folder, "llamero.rb"),
    text
      .replaceAll("@VERSION@", version)
      .replaceAll("@RELEASE@", url?.replace(/\/+$/, "") ?? `file://${folder}`)
      .replaceAll("@SHA256@", await sha256OfFile(join(folder, `llamero-${version}.tgz`))),
  );
}
