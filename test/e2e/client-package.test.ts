/** The package `@llamero/client` as a release builds it: its types under other people's settings, and its code in Node.js and Bun. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { NODE_MODULES } from "../../scripts/support/paths.ts";
import { type ClientProject, clientProject, TOUR } from "../support/client-project.ts";
import { smollm2 } from "../support/models.ts";
import { runCommand } from "../support/run-program.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;
let project: ClientProject;
let server: TestServer;

beforeAll(async () => {
  project = await clientProject();
  server = await startServer();
  await createModel(server, "smollm2", await smollm2(), { parameters: { temperature: 0 } });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await project?.[Symbol.asyncDispose]();
}, LIMIT_MS);

/** What the templates of these tools write into a new project, but for settings that have no say in types. */
const SETTINGS: Record<string, object> = {
  "tsc --init, strict, with every declaration checked": {
    strict: true,
    module: "nodenext",
    target: "es2022",
    skipLibCheck: false,
  },
  "moduleResolution node16": { strict: true, module: "node16", target: "es2022", types: ["node"] },
  "bun init": {
    lib: ["ESNext"],
    target: "ESNext",
    module: "Preserve",
    moduleDetection: "force",
    jsx: "react-jsx",
    allowJs: true,
    types: ["bun"],
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    strict: true,
    skipLibCheck: true,
    noFallthroughCasesInSwitch: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
  },
  vite: {
    target: "es2023",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "ESNext",
    skipLibCheck: true,
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    moduleDetection: "force",
    jsx: "react-jsx",
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    erasableSyntaxOnly: true,
    noFallthroughCasesInSwitch: true,
    noUncheckedSideEffectImports: true,
  },
  next: {
    target: "ES2017",
    lib: ["dom", "dom.iterable", "esnext"],
    allowJs: true,
    skipLibCheck: true,
    strict: true,
    esModuleInterop: true,
    module: "esnext",
    moduleResolution: "bundler",
    resolveJsonModule: true,
    isolatedModules: true,
    jsx: "react-jsx",
    incremental: true,
  },
  "every strictness": {
    strict: true,
    module: "preserve",
    target: "esnext",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    skipLibCheck: false,
  },
};

/** Compilers that people have: this repository's, and the last one of before, which most projects still use. */
const COMPILERS = ["TypeScript 7", "TypeScript 5.9"] as const;
type Compiler = (typeof COMPILERS)[number];

/**
 * The package's share of somebody's type check. Measured with both compilers: 2,000 to 3,700 types and 2,200 to 7,800 instantiations,
 * which take TypeScript 5.9 between 0.1 and 0.3 s.
 */
const MOST_TYPES = 4_000;
const MOST_INSTANTIATIONS = 10_000;

interface Checked {
  code: number;
  /** What the compiler has against the program. */
  errors: string[];
  /** The steps that the compiler counts: they are the same on every machine, and its time is not. */
  types: number;
  instantiations: number;
}

async function check(compiler: Compiler, files: string[], settings: object): Promise<Checked> {
  const config = join(project.folder, "tsconfig.json");
  await Bun.write(config, JSON.stringify({ compilerOptions: { ...settings, noEmit: true }, files }));
  const modules = compiler === "TypeScript 7" ? NODE_MODULES : project.olderCompiler;
  const tsc = join(modules, "typescript/bin/tsc");
  const { stdout, code } = await runCommand(["node", tsc, "--project", config, "--extendedDiagnostics"], {
    cwd: project.folder,
  });
  const count = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(stdout)?.[1]);
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  return { code, errors, types: count("Types"), instantiations: count("Instantiations") };
}

for (const compiler of COMPILERS)
  for (const [name, settings] of Object.entries(SETTINGS)) {
    test(
      `a program type-checks: ${compiler}, ${name}`,
      async () => {
        const { code, errors, ...steps } = await check(compiler, ["tour.ts"], settings);
        expect({ code, errors }).toEqual({ code: 0, errors: [] });
        // Declarations of browsers, of ECMAScript, of Bun and of Node.js are read by a program without the package too.
        const without = await check(compiler, ["empty.ts"], settings);
        expect(steps.types - without.types).toBeWithin(1, MOST_TYPES);
        expect(steps.instantiations - without.instantiations).toBeWithin(1, MOST_INSTANTIATIONS);
      },
      LIMIT_MS,
    );
  }

test(
  "Eden takes the type of the application",
  async () => {
    const settings = { strict: true, module: "preserve", target: "esnext", skipLibCheck: true };
    expect(await check("TypeScript 7", ["eden.ts"], settings)).toMatchObject({ code: 0, errors: [] });
  },
  LIMIT_MS,
);

for (const program of ["node", process.execPath]) {
  test(
    `it runs in ${program === "node" ? "Node.js" : "Bun"}`,
    async () => {
      const script = `import("./tour.js").then(async ({ tour }) => console.log(JSON.stringify(await tour("${server.url}", "smollm2"))))`;
      const { stdout, stderr } = await runCommand([program, "-e", script], { cwd: project.folder });
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual(TOUR);
    },
    LIMIT_MS,
  );
}

test("it is small, and has nothing of the server", async () => {
  expect(Bun.file(project.tarball).size).toBeLessThanOrEqual(15_000);
  const dist = join(project.folder, "node_modules/@llamero/client/dist");
  for (const name of await readdir(dist)) {
    const text = await Bun.file(join(dist, name)).text();
    const imported = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, path]) => path);
    const allowed = name === "eden.d.ts" ? /^(elysia|\.\/server\.js)$/ : /^\.\/\w+\.js$/;
    expect(imported.filter((path) => !allowed.test(path ?? ""))).toEqual([]);
    if (name.endsWith(".js")) expect(text).not.toMatch(/node:|\bBun\b|process\./);
  }
});
