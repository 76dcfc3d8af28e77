import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import { pack } from "./pack.ts";

/** What the program needs to run, from the repository. */
const APP = [
  "src",
  "native",
  "deploy",
  "drizzle",
  "openapi",
  "scripts",
  "package.json",
  "bun.lock",
  "bunfig.toml",
  "tsconfig.json",
  "LICENSE",
];
/** The documents as a site, which `bun run docs` builds. */
const SITE = "docs/.vitepress/dist";
/** What stands beside it for people. */
const FOR_READERS = ["README.md", "CHANGELOG.md", "LICENSE", "bin"];

/**
 * Builds `llamero-<version>.tgz`. The program lies in `app/` with its lock file, and the package itself has no dependencies: what
 * npm would install for it is every engine for every machine. `bin/llamero.mjs` installs what this machine needs, as locked.
 */
export async function buildServer(folder: string, version: string): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), "llamero-release-"));
  try {
    await mkdir(join(stage, "app"));
    await buildSite();
    for (const name of [...APP, SITE])
      await cp(join(ROOT, name), join(stage, "app", name), { recursive: true });
    for (const name of FOR_READERS) await cp(join(ROOT, name), join(stage, name), { recursive: true });
    await Bun.write(join(stage, "package.json"), `${JSON.stringify(manifest(version), undefined, 2)}\n`);
    await pack(stage, join(folder, `llamero-${version}.tgz`));
  } finally {
    await rm(stage, { recursive: true });
  }
}

async function buildSite(): Promise<void> {
  const { exited } = Bun.spawn([process.execPath, "run", "docs"], {
    cwd: ROOT,
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await exited) !== 0) throw new Failure("the documents do not build: bun run docs");
}

function manifest(version: string): object {
  const { name, description, license } = packageJson;
  return {
    name,
    version,
    description,
    license,
    type: "module",
    bin: { llamero: "bin/llamero.mjs" },
    files: ["app", "bin", "README.md", "CHANGELOG.md", "LICENSE"],
    engines: { node: ">=18" },
  };
}
