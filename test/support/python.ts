import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.ts";
import { type ProgramResult, runCommand } from "./run-program.ts";

/**
 * Which packages: a file of test/support. What packages ask for is overridden by a file beside it, `overrides-x.txt` for
 * `requirements-x.txt`, where there is one.
 */
export type Requirements =
  | "requirements.txt"
  | "requirements-aider.txt"
  | "requirements-chromadb.txt"
  | "requirements-clients.txt"
  | "requirements-decisions.txt"
  | "requirements-frameworks.txt"
  | "requirements-hadolint.txt"
  | "requirements-instructor.txt"
  | "requirements-open-webui.txt"
  | "requirements-schemathesis.txt";

interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** A run that takes longer is killed and fails its test, instead of hanging it. Default 4 minutes. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 240_000;
/** Some environments have more than a gigabyte. */
const INSTALL_TIMEOUT_MS = 900_000;
/** Installs these environments in a quarter of pip's time. */
const UV = "uv==0.13.9";

const interpreters = new Map<Requirements, Promise<string>>();

/** The interpreter of a virtual environment with these packages, made once per content of the file. */
export function python(requirements: Requirements = "requirements.txt"): Promise<string> {
  const made = interpreters.get(requirements) ?? makeEnvironment(requirements);
  interpreters.set(requirements, made);
  return made;
}

/**
 * Runs a program with the real Python packages. Only `env` and the bare needs of a process are passed on, so that neither
 * a proxy nor an OLLAMA_HOST of the developer's leads it astray.
 *
 * @param code the program's text.
 */
export async function runPython(
  code: string,
  options: RunOptions & { requirements?: Requirements; args?: string[] } = {},
): Promise<ProgramResult> {
  const { requirements, args = [], ...runOptions } = options;
  return run([await python(requirements), "-c", code, ...args], runOptions);
}

async function makeEnvironment(requirements: Requirements): Promise<string> {
  const base = Bun.which("python3");
  if (base === null) throw new Error("these tests need python3 (3.10 or later) with venv on the PATH");
  const version = await succeed([base, "--version"]);
  const list = join(import.meta.dir, requirements);
  const overrides = join(import.meta.dir, requirements.replace("requirements", "overrides"));
  const isOverridden = await Bun.file(overrides).exists();
  const files = isOverridden ? [list, overrides] : [list];
  const texts = await Promise.all(files.map((path) => Bun.file(path).text()));
  const key = Bun.hash([version, UV, ...texts].join("\n")).toString(36);
  const directory = await makeOnce(cachePath(`python-${key}`), "pyvenv.cfg", async (target) => {
    const uv = await uvWith(base, version);
    // Relocatable, since it is renamed when complete and its commands must then still find their interpreter.
    await succeed([uv, "venv", "-q", "--relocatable", "--python", base, target]);
    // The machine's own certificates, as pip: a network with a proxy has one of its own.
    const install = [uv, "pip", "install", "-q", "--system-certs"];
    if (isOverridden) install.push("--override", overrides);
    await succeed([...install, "--python", join(target, "bin/python"), "-r", list], INSTALL_TIMEOUT_MS);
  });
  return join(directory, "bin/python");
}

/** The installer, in an environment of its own. */
async function uvWith(base: string, version: string): Promise<string> {
  const key = Bun.hash(`${version}\n${UV}`).toString(36);
  const directory = await makeOnce(cachePath(`uv-${key}`), "bin/uv", async (target) => {
    await succeed([base, "-m", "venv", target]);
    await succeed([join(target, "bin/python"), "-m", "pip", "install", "-q", UV]);
  });
  return join(directory, "bin/uv");
}

async function succeed(command: string[], timeoutMs = TIMEOUT_MS): Promise<string> {
  const { stdout, stderr, code } = await run(command, { timeoutMs });
  if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}:\n${stderr}`);
  return stdout;
}

async function run(command: string[], options: RunOptions = {}): Promise<ProgramResult> {
  const { env = {}, cwd, timeoutMs = TIMEOUT_MS } = options;
  return runCommand(command, { env: { ...bareEnvironment(), ...env }, cwd, timeoutMs });
}

function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, LANG: "C.UTF-8", PYTHONUNBUFFERED: "1" };
}
