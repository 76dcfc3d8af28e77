import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cycles, importsOf, packagesOf, ROOT, roomOf, type Source, sources } from "./sources.ts";

/**
 * Who may import whom; docs/architecture.md says the same. Every room may import itself and `lib`; `types` are rooms of which only types may be
 * imported. `src/main.ts` and `src/serve.ts` put the rooms together and are free.
 */
const RULES: Record<string, { rooms: string[]; types?: string[] }> = {
  lib: { rooms: [] },
  config: { rooms: [] },
  intent: { rooms: [] },
  grammar: { rooms: [] },
  modelfile: { rooms: ["intent"] },
  client: { rooms: [], types: ["http", "api/ollama", "api/llamero"] },
  web: { rooms: ["client"] },
  cli: { rooms: ["intent", "client", "config", "modelfile"] },
  output: { rooms: ["grammar"], types: ["intent", "prompt", "models", "engine"] },
  prompt: { rooms: [], types: ["intent", "models", "engine"] },
  store: { rooms: [], types: ["intent", "config"] },
  models: { rooms: ["store", "intent", "prompt", "modelfile"], types: ["config"] },
  telemetry: { rooms: [], types: ["engine", "store", "registry"] },
  doctor: { rooms: ["config", "engine"] },
  engine: { rooms: ["intent"], types: ["config"] },
  pool: { rooms: [], types: ["engine", "config"] },
  registry: { rooms: ["store", "models"], types: ["config"] },
  access: { rooms: [], types: ["store", "config"] },
  workers: { rooms: ["prompt", "output"] },
  inference: { rooms: ["intent", "prompt", "output", "engine", "models"], types: ["config", "workers"] },
  "api/wire": { rooms: ["intent"] },
  api: { rooms: ["api/wire", "telemetry"], types: ["engine"] },
  "api/ollama": {
    rooms: ["api", "api/wire", "inference", "intent", "prompt", "engine", "models", "registry", "modelfile"],
    types: ["config"],
  },
  "api/openai": {
    rooms: ["api", "api/wire", "inference", "intent", "prompt", "engine", "models"],
    types: ["config"],
  },
  "api/anthropic": { rooms: ["api", "api/wire", "inference", "intent", "prompt"], types: ["engine"] },
  "api/llamero": {
    rooms: [
      "api",
      "api/wire",
      "inference",
      "intent",
      "prompt",
      "engine",
      "models",
      "store",
      "registry",
      "access",
    ],
    types: ["config", "telemetry"],
  },
  http: {
    rooms: [
      "api/ollama",
      "api/openai",
      "api/anthropic",
      "api/llamero",
      "api/wire",
      "api",
      "config",
      "access",
    ],
    types: ["models", "engine", "inference", "telemetry"],
  },
  native: { rooms: ["engine", "models"], types: ["intent"] },
};

/** A table that imports nothing, which every room that knows models may look up, the runner included. */
const FAMILIES = "src/models/families.ts";

/**
 * What a runner may know of the server: the protocol, the types it is written in, what a prompt is made of, the table of families, and
 * how a model's file is laid out.
 */
const NATIVE_MAY_IMPORT =
  /^src\/(engine\/(protocol|port|pieces)\.ts$|models\/(families\.ts$|gguf\/|layouts\/|clip\/))/;

const files = sources();

/** What a file imports although its room may not know it. */
function offencesOf(file: Source): string[] {
  const room = roomOf(file.path);
  const rule = RULES[room];
  if (rule === undefined) return [];
  return importsOf(file)
    .filter(({ target }) => target.startsWith("src/") || target.startsWith("native/"))
    .filter(({ target, types }) => {
      const to = roomOf(target);
      if (to === room || to === "lib" || target === FAMILIES || rule.rooms.includes(to)) return false;
      return !(types && rule.types?.includes(to));
    })
    .map(({ target, types }) => `${file.path} imports ${types ? "types of " : ""}${target}`);
}

describe("imports", () => {
  test("the rooms are those of the rules", () => {
    const rooms = new Set(files.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].filter((room) => !(room in RULES))).toEqual([]);
    expect(files.length).toBeGreaterThan(200);
  });

  test("docs/architecture.md has the same table", () => {
    const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
    const listed = (cell = "") =>
      cell
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
    const rows = [...page.matchAll(/^\| `([\w/]+)` +\|[^|]*\|([^|]*)\|([^|]*)\|$/gm)];
    const told = rows.map(([, room = "", rooms, types]) => [room, listed(rooms), listed(types)]);
    const ruled = Object.entries(RULES).map(([room, { rooms, types = [] }]) => [room, rooms, types]);
    // Of the two rooms that native knows it may import a few files only, which the page names.
    const sorted = (table: unknown[][]) =>
      table
        .filter(([room]) => room !== "native")
        .map(String)
        .toSorted();
    expect(sorted(told)).toEqual(sorted(ruled));
    expect(told.length).toBe(ruled.length);
  });

  test("no file reaches into a room that it may not know", () => {
    expect(files.flatMap(offencesOf)).toEqual([]);
  });

  test("an arrow that runs up is found, and types where only types may be imported are none", () => {
    const prompt = (text: string): Source => ({ path: "src/prompt/render.ts", text });
    expect(offencesOf(prompt('import { plan } from "../inference/plan.ts";\n'))).toEqual([
      "src/prompt/render.ts imports src/inference/plan.ts",
    ]);
    expect(offencesOf(prompt('import type { Message } from "../intent/message.ts";\n'))).toEqual([]);
    expect(offencesOf(prompt('import { isEmpty } from "../intent/is-empty.ts";\n')).length).toBe(1);
    expect(offencesOf(prompt('const later = () => import("../http/app.ts");\n')).length).toBe(1);
  });

  test("no file imports itself, by whatever way round", () => {
    expect(cycles(files)).toEqual([]);
    const round = [
      { path: "src/a.ts", text: 'import { b } from "./b.ts";\n' },
      { path: "src/b.ts", text: 'import type { C } from "./c.ts";\n' },
      { path: "src/c.ts", text: 'export { a } from "./a.ts";\n' },
    ];
    expect(cycles(round)).toEqual(["src/a.ts → src/b.ts → src/c.ts → src/a.ts"]);
  });

  test("the table of families imports nothing", () => {
    expect(files.filter(({ path }) => path === FAMILIES).map(importsOf)).toEqual([[]]);
  });

  test("a runner knows the protocol and the layout of files, and nothing else of the server", () => {
    const offences = files
      .filter(({ path }) => path.startsWith("native/"))
      .flatMap((file) => importsOf(file).map(({ target }) => target))
      .filter((target) => /^src\/(engine|models)\//.test(target) && !NATIVE_MAY_IMPORT.test(target));
    expect(offences).toEqual([]);
  });

  test("prompt does no I/O, and the client runs in a browser", () => {
    const pure = files.filter(({ path }) =>
      /^src\/(prompt|output|grammar|modelfile|client|intent)\//.test(path),
    );
    const offences = pure.flatMap((file) =>
      packagesOf(file)
        .filter((name) => /^(node:|bun)/.test(name))
        .map((name) => `${file.path} imports ${name}`),
    );
    expect(offences).toEqual([]);
    expect(pure.filter(({ text }) => /\bBun\./.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("only native knows llama.cpp, only store and its tests know SQLite", () => {
    const users = (name: RegExp): string[] =>
      files.filter((file) => packagesOf(file).some((entry) => name.test(entry))).map(({ path }) => path);
    expect(users(/^(node-llama-cpp|bun:ffi)/).filter((path) => !path.startsWith("native/"))).toEqual([]);
    expect(users(/^(drizzle-orm|bun:sqlite)/).filter((path) => !path.startsWith("src/store/"))).toEqual([]);
  });

  test("the environment is read where the process starts and nowhere else", () => {
    const readers = files
      .filter(({ text }) => /process\.env|Bun\.env|import\.meta\.env/.test(text))
      .map(({ path }) => path);
    expect(readers).toEqual(["src/main.ts"]);
  });
});
