import { join } from "node:path";
import { Failure, runScript } from "./support/failure.ts";
import { installDependencies } from "./support/install.ts";
import { NODE_MODULES, ROOT } from "./support/paths.ts";

const VITEPRESS = join(NODE_MODULES, ".bin/vitepress");

/** Builds the documents as a site, which a server of this checkout then shows at /docs. Installs what that needs. */
async function main(): Promise<void> {
  await installDependencies("check");
  const child = Bun.spawn([VITEPRESS, "build", "docs"], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await child.exited) !== 0) throw new Failure("the documents do not build");
}

await runScript(main);
