/**
 * An installation for which there is no package of the engine, as on a Mac: the registry has another version of it only. llama.cpp is
 * built from the sources that node-llama-cpp brings, found again by the next installation, and answers.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_MODULES, ROOT } from "../../scripts/support/paths.ts";
import { smollm2, tinyLlama } from "../support/models.ts";
import { runCommand } from "../support/run-program.ts";
import { createModel, freePort, startServer } from "../support/server.ts";

const LIMIT_MS = 3_600_000;
const PACKAGE = `@node-llama-cpp/${process.platform}-${process.arch}`;
const isSupported = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
let folder: string;
let app: string;
let registry: Bun.Server<undefined>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-engine-build-"));
  app = join(folder, "app");
  for (const name of ["src", "native", "scripts", "drizzle", "openapi", "package.json", "tsconfig.json"])
    await cp(join(ROOT, name), join(app, name), { recursive: true });
  const modules = join(app, "node_modules");
  await mkdir(modules);
  for (const name of await readdir(NODE_MODULES)) {
    if (name !== "@node-llama-cpp") await symlink(join(NODE_MODULES, name), join(modules, name));
  }
  registry = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
      if (name !== PACKAGE) return new Response("{}", { status: 404 });
      const dist = { tarball: `${request.url}/-/a.tgz`, integrity: "sha512-AAAA" };
      const versions = { "3.21.1": { name, version: "3.21.1", dist } };
      return Response.json({ name, "dist-tags": { latest: "3.21.1" }, versions });
    },
  });
});

afterAll(async () => {
  await registry.stop(true);
  await rm(folder, { recursive: true });
});

/** What `bun install` runs at its end. */
function install(env: Record<string, string> = {}) {
  const url = `http://127.0.0.1:${registry.port}/`;
  return runCommand([process.execPath, "scripts/engine-binaries.ts"], {
    cwd: app,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      BUN_CONFIG_REGISTRY: url,
      NPM_CONFIG_REGISTRY: url,
      BUN_INSTALL_CACHE_DIR: join(folder, "cache"),
      ...env,
    },
  });
}

/** What a server says to three questions, greedily. */
async function answers(env: Record<string, string>, main?: string): Promise<string[]> {
  await using server = await startServer(env, freePort(), ...(main === undefined ? [] : [main]));
  const parameters = { temperature: 0 };
  await createModel(server, "smollm2", await smollm2(), { parameters });
  await createModel(server, "tiny", await tinyLlama(), { parameters });
  const texts: string[] = [];
  for (const [model, prompt] of [
    ["tiny", "abc"],
    ["smollm2", "Why is the sky blue?"],
    ["smollm2", "One, two, three, "],
  ]) {
    const answer = await fetch(`${server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model, prompt, stream: false, options: { num_predict: 12 } }),
    });
    const { response, eval_count } = (await answer.json()) as { response: string; eval_count: number };
    expect(eval_count).toBe(12);
    texts.push(response);
  }
  return texts;
}

test.if(isSupported)("without tools, what is missing is named and nothing is left", async () => {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await symlink(Bun.which("git") ?? "", join(bin, "git"));
  const { code, stdout, stderr } = await install({ PATH: bin });
  expect(stdout).toMatch(/the registry has no @node-llama-cpp\/\S+@\S+; building it from the sources/);
  expect(stderr).toContain("building the engine takes cmake, a C++ compiler, make or ninja, not found here");
  expect(code).toBe(1);
  expect(existsSync(join(app, "node_modules", PACKAGE))).toBe(false);
});

test.if(isSupported)(
  "the engine is built, takes the place of the package, and answers",
  async () => {
    const built = await install();
    expect(built).toMatchObject({ code: 0, stderr: "" });
    expect(built.stdout).toMatch(/^unpacking llama\.cpp v[\d.]+$/m);
    expect(built.stdout).toMatch(/^50 %$/m);
    expect(existsSync(join(app, "node_modules", PACKAGE, "bins"))).toBe(true);

    // Somebody else's home, such as a service's: nothing but the installation itself.
    const env = { HOME: join(folder, "other-home") };
    const doctor = await runCommand([process.execPath, "src/main.ts", "doctor"], {
      cwd: app,
      env: { PATH: process.env.PATH, ...env, OLLAMA_HOST: `127.0.0.1:${freePort()}` },
    });
    expect(doctor.stdout).toMatch(/engine\s+llama\.cpp v[\d.]+ \(built here for cpu\)/);
    // What it computes is what the installed engine does.
    expect(await answers(env, join(app, "src/main.ts"))).toEqual(
      await answers({ HOME: join(folder, "third-home") }),
    );
  },
  LIMIT_MS,
);

test.if(isSupported)(
  "the next installation finds it",
  async () => {
    await rm(join(app, "node_modules", PACKAGE), { recursive: true });
    const again = await install();
    expect(again.code).toBe(0);
    expect(again.stdout).not.toContain("unpacking");
    expect(again.stdout).toContain(`the engine is in ${folder}/.llamero/engine/llama-`);
    const removed = await runCommand([process.execPath, "src/main.ts", "engine", "remove"], {
      cwd: app,
      env: { PATH: process.env.PATH, HOME: folder },
    });
    expect(removed.stdout).toContain("removed ");
  },
  60_000,
);
