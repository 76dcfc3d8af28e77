/** Blocks of docs/ that install something, each run as it stands there in a checkout or an environment of its own. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/support/paths.ts";
import { documentedBlock } from "../support/docs/blocks.ts";
import { runCommand } from "../support/run-program.ts";
import { collect, freePort } from "../support/server.ts";

const LIMIT_MS = 900_000;
const ANSWER_LIMIT_MS = 300_000;
const host = `127.0.0.1:${freePort()}`;

let folder: string;
let checkout: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-documented-"));
  checkout = join(folder, "llamero");
  await mkdir(checkout);
  await succeed(`git ls-files -z | tar cf - --null --files-from=- | tar xf - -C ${checkout}`, ROOT);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nothing of this machine's but what package managers have fetched before. */
const environment = (): Record<string, string | undefined> => ({
  PATH: process.env.PATH,
  HOME: folder,
  OLLAMA_HOST: host,
  BUN_INSTALL_CACHE_DIR: join(homedir(), ".bun/install/cache"),
  npm_config_cache: join(homedir(), ".npm"),
  PIP_CACHE_DIR: join(homedir(), ".cache/pip"),
  NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
});

async function succeed(script: string, cwd: string, env = environment()): Promise<string> {
  const { code, stdout, stderr } = await runCommand(["bash", "-euo", "pipefail", "-c", script], { cwd, env });
  expect({ script, code, ...(code !== 0 && { stdout, stderr }) }).toEqual({ script, code: 0 });
  return stdout;
}

/** Runs a command that goes on until Ctrl-C, and does something once it has printed a text. */
async function meanwhile(script: string, printed: string, act: () => Promise<void>): Promise<void> {
  const child = Bun.spawn(["bash", "-c", `exec ${script}`], {
    cwd: checkout,
    env: environment(),
    detached: true,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, log] = [collect(child.stdout), collect(child.stderr)];
  try {
    const deadline = Date.now() + ANSWER_LIMIT_MS;
    while (!out().includes(printed)) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${out()}\n${log()}`);
      await Bun.sleep(100);
    }
    await act();
  } finally {
    // Ctrl-C goes to the whole group of the terminal.
    process.kill(-child.pid, "SIGINT");
    await child.exited;
  }
}

test(
  "the quick start, from a checkout to an answer by the command that it has put in place",
  async () => {
    const command = documentedBlock("quick-start.md", "run quickstart").trim();
    const ask = documentedBlock("quick-start.md", 'llamero run smollm2:135m "');
    await meanwhile(command, "Serving; Ctrl-C stops.", async () => {
      const env = { ...environment(), PATH: `${folder}/.local/bin:${process.env.PATH}` };
      expect((await succeed(ask, folder, env)).trim().length).toBeGreaterThan(10);
    });
    await expect(fetch(`http://${host}`)).rejects.toThrow();
  },
  LIMIT_MS,
);

/** There is no package for CUDA elsewhere. */
test.if(process.platform === "linux" && process.arch === "x64")(
  "the engine for a GPU, which is the one that runs from then on",
  async () => {
    await succeed(documentedBlock("gpu.md", "run gpu cuda"), checkout);
    const doctor = await runCommand([join(folder, ".local/bin/llamero"), "doctor"], { env: environment() });
    expect(doctor.stdout).toMatch(/^ok +engine +llama\.cpp v[\d.]+ \(\S+-cuda of node-llama-cpp/m);
  },
  LIMIT_MS,
);

test(
  "the packages of the page about documents",
  async () => {
    await succeed("python3 -m venv python", folder);
    const env = { ...environment(), PATH: `${folder}/python/bin:${process.env.PATH}` };
    await succeed(documentedBlock("rag.md", "pip install"), folder, env);
    expect(
      await succeed('python -c "import chromadb, ollama; print(chromadb.__version__)"', folder, env),
    ).toMatch(/^\d+\./);
  },
  LIMIT_MS,
);
