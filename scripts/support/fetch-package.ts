import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../src/lib/error-code.ts";
import { requireSpace } from "./disk-space.ts";
import { Failure } from "./failure.ts";
import { NODE_MODULES } from "./paths.ts";

/** The version of an installed package; undefined when it is not there. */
export async function installedVersion(name: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(NODE_MODULES, name, "package.json"), "utf8");
    const { version }: { version?: unknown } = JSON.parse(text);
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The registry answers, and has no such version of the package. */
export class NotPublished extends Failure {}

/**
 * Puts one package into node_modules without touching the others: an ordinary install in a scratch folder, then a rename, so
 * that it is there completely or not at all.
 *
 * @param bytes about its size, to check the disk before.
 * @throws Failure when there is no space or the install fails.
 */
export async function fetchPackage(name: string, version: string, bytes: number): Promise<void> {
  const scratch = join(NODE_MODULES, ".llamero-binaries", name.replace(/^.*\//, ""));
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    // The archive, its place in the package cache, and the files themselves.
    await requireSpace(NODE_MODULES, 2 * bytes, name);
    await install(scratch, name, version);
    await moveInto(join(scratch, "node_modules", name), join(NODE_MODULES, name), join(scratch, "previous"));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function install(scratch: string, name: string, version: string): Promise<void> {
  const manifest = { name: "llamero-binaries", private: true, dependencies: { [name]: version } };
  await Bun.write(join(scratch, "package.json"), JSON.stringify(manifest));
  const child = Bun.spawn([process.execPath, "install", "--ignore-scripts", "--no-progress"], {
    cwd: scratch,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const [output, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0 && /No version matching|404/.test(output))
    throw new NotPublished(`the registry has no ${name}@${version}`);
  if (code !== 0) throw new Failure(explain(`${name}@${version}`, output));
  if (!existsSync(join(scratch, "node_modules", name))) {
    throw new Failure(
      `${name}@${version} is not meant for this machine (${process.platform}-${process.arch})`,
    );
  }
}

/** Bun's output in one line that says what to do. */
function explain(what: string, output: string): string {
  if (/ENOSPC|NoSpaceLeft|no space left/i.test(output))
    return `no space left on the disk while installing ${what}`;
  if (
    /ConnectionRefused|ConnectionClosed|FailedToOpenSocket|ENOTFOUND|Timeout|DNS|UnableToConnect/i.test(
      output,
    )
  ) {
    return `could not download ${what}: the package registry cannot be reached; go online and run "bun install" again`;
  }
  const last = output
    .trim()
    .split("\n")
    .filter((line) => /error/i.test(line))
    .at(-1);
  return `could not install ${what}: ${last?.replace(/^error: /, "") ?? "bun install failed"}`;
}

async function moveInto(from: string, to: string, previous: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (existsSync(to)) await rename(to, previous);
  await rename(from, to);
}
