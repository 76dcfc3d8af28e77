import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildClient } from "../../scripts/release/client/client-package.ts";
import { NODE_MODULES } from "../../scripts/support/paths.ts";
import { runCommand } from "./run-program.ts";

/** Somebody's project with the package `@llamero/client`, as a release builds it. */
export interface ClientProject extends AsyncDisposable {
  readonly folder: string;
  /** The package's tarball. */
  readonly tarball: string;
  /** The `node_modules` of the compiler that most projects still have. */
  readonly olderCompiler: string;
}

/** What `tour.ts` of the consumer tells, wherever it runs. */
export const TOUR = [
  "version",
  "llama",
  "3 tokens, length",
  "0 wait",
  "decided",
  "404 model 'nothing:latest' not found",
  "LlameroError 404",
];

/** Types of the platforms that the settings of other people's projects name, and what Eden takes. */
const OF_OTHERS = ["@types/bun", "@types/node", "bun-types", "undici-types", "elysia", "@elysiajs/eden"];

/** The last compiler in JavaScript; this repository has the next one, in Go. */
const OLDER_COMPILER = "typescript@5.9.3";

export async function clientProject(): Promise<ClientProject> {
  const folder = await mkdtemp(join(tmpdir(), "llamero-client-test-"));
  await buildClient(folder, "1.2.3");
  const tarball = join(folder, "llamero-client-1.2.3.tgz");
  const modules = join(folder, "node_modules");
  const installed = join(modules, "@llamero/client");
  await mkdir(installed, { recursive: true });
  await run(["tar", "-xzf", tarball, "-C", installed, "--strip-components=1"], folder);
  for (const name of OF_OTHERS) {
    await mkdir(join(modules, name, ".."), { recursive: true });
    await symlink(join(NODE_MODULES, name), join(modules, name));
  }
  const olderCompiler = join(folder, "older-compiler");
  await Bun.write(join(olderCompiler, "package.json"), "{}");
  await run([process.execPath, "add", "--silent", OLDER_COMPILER], olderCompiler);
  const consumer = join(import.meta.dir, "client-consumer");
  for (const name of await readdir(consumer)) await cp(join(consumer, name), join(folder, name));
  const script = await Bun.file(join(folder, "tour.ts")).text();
  const loader = new Bun.Transpiler({ loader: "ts", target: "browser" });
  await Bun.write(join(folder, "tour.js"), loader.transformSync(script));
  await Bun.write(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  return {
    folder,
    tarball,
    olderCompiler: join(olderCompiler, "node_modules"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function run(command: string[], cwd: string): Promise<void> {
  const { code, stderr } = await runCommand(command, { cwd });
  if (code !== 0) throw new Error(stderr);
}
