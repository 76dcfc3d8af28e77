import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.ts";

/** Which packages: a file of test/support. */
export type Requirements = "requirements.txt" | "requirements-schemathesis.txt";

export interface PythonResult {
  stdout: string;
  stderr: string;
  code: number;
}

interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** A run that takes longer is killed and fails its test, instead of hanging it. Default 4 minutes. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 240_000;

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
): Promise<PythonResult> {
  const { requirements, args = [], ...runOptions } = options;
  return run([await python(requirements), "-c", code, ...args], runOptions);
}

async function makeEnvironment(requirements: Requirements): Promise<string> {
  const base = Bun.which("python3");
  if (base === null) throw new Error("these tests need python3 (3.10 or later) with venv on the PATH");
  const version = await succeed([base, "--version"]);
  const list = join(import.meta.dir, requirements);
  const key = Bun.hash(`${version}\n${await Bun.file(list).text()}`).toString(36);
  const directory = await makeOnce(cachePath(`python-${key}`), "pyvenv.cfg", async (target) => {
    await succeed([base, "-m", "venv", target]);
    await succeed([join(target, "bin", "python"), "-m", "pip", "install", "-q", "-r", list]);
  });
  return join(directory, "bin", "python");
}

async function succeed(command: string[]): Promise<string> {
  const { stdout, stderr, code } = await run(command);
  if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}:\n${stderr}`);
  return stdout;
}

async function run(command: string[], options: RunOptions = {}): Promise<PythonResult> {
  const { env = {}, cwd, timeoutMs = TIMEOUT_MS } = options;
  const child = Bun.spawn(command, {
    env: { ...bareEnvironment(), ...env },
    ...(cwd !== undefined && { cwd }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, code };
}

function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, LANG: "C.UTF-8", PYTHONUNBUFFERED: "1" };
}
