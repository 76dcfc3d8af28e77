import { cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { Failure } from "../../support/failure.ts";
import { NODE_MODULES, ROOT } from "../../support/paths.ts";
import { pack } from "../pack.ts";
import { readServerRoutes } from "./server-routes.ts";

const SOURCE = join(ROOT, "src/client");

/** What is read by everything that runs JavaScript since 2022, and declares what browsers, Node.js and Bun have in common. */
const COMPILER_OPTIONS = {
  target: "ES2022",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  types: [],
  module: "NodeNext",
  strict: true,
  // As this repository is checked; for a consumer it makes no difference.
  exactOptionalPropertyTypes: true,
  declaration: true,
  emitDeclarationOnly: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  // What modules of the client have from each other is nothing to a consumer: `@internal`.
  stripInternal: true,
  rootDir: "src",
  outDir: "dist",
};

/**
 * Builds `llamero-client-<version>.tgz`, the package `@llamero/client`: src/client as JavaScript with declarations. What its types take
 * from the server's code is written out first, so that they stand for themselves, and compiling proves that they do.
 */
export async function buildClient(folder: string, version: string): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), "llamero-client-"));
  try {
    const written = await writtenFiles();
    await stageSources(stage, written);
    await declare(stage);
    await finishDeclarations(join(stage, "dist"), written);
    await bundle(stage);
    await cp(join(ROOT, "LICENSE"), join(stage, "LICENSE"));
    await cp(join(import.meta.dir, "PACKAGE.md"), join(stage, "README.md"));
    await Bun.write(join(stage, "package.json"), `${JSON.stringify(manifest(version), undefined, 2)}\n`);
    await pack(stage, join(folder, `llamero-client-${version}.tgz`));
  } finally {
    await rm(stage, { recursive: true });
  }
}

/** Files of src/client that are replaced: name without its ending → text. */
async function writtenFiles(): Promise<Record<string, string>> {
  return {
    server: `/** Every route of every dialect: a key for each segment of the path, the method last. */
export type ServerRoutes = ${await readServerRoutes()};
`,
    eden: `import type { Elysia } from "elysia";
import type { ServerRoutes } from "./server.ts";

/** The server's application, for Eden: \`treaty<App>(url, { parseDate: false })\`. */
export type App = Elysia<any, any, any, any, ServerRoutes, any, any>;
`,
  };
}

async function stageSources(stage: string, written: Record<string, string>): Promise<void> {
  const names = (await readdir(SOURCE)).filter((name) => name.endsWith(".ts"));
  for (const name of names) await cp(join(SOURCE, name), join(stage, "src", name));
  for (const [name, text] of Object.entries(written)) await Bun.write(join(stage, `src/${name}.ts`), text);
  // Elysia's types, for eden.ts alone.
  await symlink(NODE_MODULES, join(stage, "node_modules"));
}

/** Writes the declarations. Proves that the sources need nothing of the server. */
async function declare(stage: string): Promise<void> {
  const config = join(stage, "tsconfig.json");
  await Bun.write(config, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["src"] }));
  await Bun.write(join(stage, "package.json"), JSON.stringify({ type: "module" }));
  const compiler = join(NODE_MODULES, "typescript/bin/tsc");
  const child = Bun.spawn([process.execPath, compiler, "--project", config], { cwd: stage, stdout: "pipe" });
  const output = await child.stdout.text();
  if ((await child.exited) !== 0)
    throw new Failure(`the client's package does not compile: ${output.trim()}`);
}

/**
 * Declarations import each other by the names that they have now. The written ones go in as they are: the compiler gives every member a
 * line of its own, which makes the package twice as large.
 */
async function finishDeclarations(dist: string, written: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(written)) await Bun.write(join(dist, `${name}.d.ts`), text);
  for (const name of (await readdir(dist)).filter((each) => each.endsWith(".d.ts"))) {
    const file = join(dist, name);
    const text = await Bun.file(file).text();
    await Bun.write(file, text.replace(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
  }
}

async function bundle(stage: string): Promise<void> {
  const { success, logs } = await Bun.build({
    entrypoints: [join(stage, "src/index.ts")],
    outdir: join(stage, "dist"),
    target: "browser",
    // Names stay, for whoever reads a stack; Bun's comments would say where it was built.
    minify: { whitespace: true, syntax: true },
  });
  if (!success) throw new Failure(`the client's package cannot be bundled: ${logs.join("\n")}`);
}

function manifest(version: string): object {
  const { dependencies, license } = packageJson;
  return {
    name: "@llamero/client",
    version,
    description: "A typed client of llamero and of Ollama's API, for browsers, Node.js and Bun",
    license,
    type: "module",
    sideEffects: false,
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./eden": { types: "./dist/eden.d.ts" },
    },
    files: ["dist", "README.md", "LICENSE"],
    engines: { node: ">=18" },
    peerDependencies: { elysia: `^${dependencies.elysia}` },
    peerDependenciesMeta: { elysia: { optional: true } },
  };
}
