import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.ts";

const REQUIREMENTS = join(import.meta.dir, "requirements.txt");

export interface PythonResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** A run that takes longer is killed and fails its test, instead of hanging it. */
const TIMEOUT_MS = 240_000;

let interpreter: Promise<string> | undefined;

/** The interpreter of a virtual environment with test/support/requirements.txt, made once per content of that file. */
export function python(): Promise<string> {
  interpreter ??= makeEnvironment();
  return interpreter;
}

/**
 * Runs a program with the real Python clients. Only `env` and the bare needs of a process are passed on, so that neither
 * a proxy nor an OLLAMA_HOST of the developer's leads it astray.
 *
 * @param code the program's text.
 */
export async function runPython(
  code: string,
  options: { env?: Record<string, string>; args?: string[] } = {},
): Promise<PythonResult> {
  return run([await python(), "-c", code, ...(options.args ?? [])], options.env);
}

async function makeEnvironment(): Promise<string> {
  const base = Bun.which("python3");
  if (base === null) throw new Error("these tests need python3 (3.10 or later) with venv on the PATH");
  const version = await succeed([base, "--version"]);
  const key = Bun.hash(`${version}\n${await Bun.file(REQUIREMENTS).text()}`).toString(36);
  const directory = await makeOnce(cachePath(`python-${key}`), "pyvenv.cfg", async (target) => {
    await succeed([base, "-m", "venv", target]);
    await succeed([join(target, "bin", "python"), "-m", "pip", "install", "-q", "-r", REQUIREMENTS]);
  });
  return join(directory, "bin", "python");
}

async function succeed(command: string[]): Promise<string> {
  const { stdout, stderr, code } = await run(command);
  if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}:\n${stderr}`);
  return stdout;
}

async function run(command: string[], env: Record<string, string> = {}): Promise<PythonResult> {
  const child = Bun.spawn(command, {
    env: { ...bareEnvironment(), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, code };
}

function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, LANG: "C.UTF-8", PYTHONUNBUFFERED: "1" };
}
