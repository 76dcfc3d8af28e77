import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";

/** A C++ compiler as the beginning of a command. */
export interface Compiler {
  command: string[];
  /** The flags that it needs besides {@link COMPILE_FLAGS} and {@link LINK_FLAGS}. */
  compileFlags: string[];
  linkFlags: string[];
}

/** Compilers of the system, the usual one first. */
const NAMES = ["c++", "g++", "clang++"];

/** Zig's C++ compiler, from PyPI: about 100 MB, and neither headers nor a linker of the system. */
const ZIG = "ziglang==0.17.1";

/** How libmtmd comes by a compiler where there is none. */
export const ADD_COMMAND = "llamero engine add vision";

/** The folder of a fetched compiler, below llamero's folder for its builds. */
const zigFolder = (cache: string): string => join(cache, "zig");

const zigPython = (cache: string): string => join(zigFolder(cache), "bin/python");

/** Zig checks undefined behaviour unless told otherwise, and refuses symbols that no library on its command line has. */
const zig = (python: string): Compiler => ({
  command: [python, "-m", "ziglang", "c++"],
  compileFlags: ["-fno-sanitize=undefined"],
  linkFlags: process.platform === "darwin" ? [] : ["-Wl,--allow-shlib-undefined"],
});

/**
 * The C++ compiler to build with: the system's, else one that {@link fetchCompiler} has fetched.
 *
 * @param which finds a program on the PATH.
 */
export function findCompiler(
  cache: string,
  which: (name: string) => string | null = (name) => Bun.which(name),
): Compiler | undefined {
  for (const name of NAMES) {
    const path = which(name);
    if (path !== null) return { command: [path], compileFlags: [], linkFlags: [] };
  }
  const python = which(zigPython(cache));
  return python === null ? undefined : zig(python);
}

/**
 * Fetches Zig from PyPI into a virtual environment of its own.
 *
 * @param say called with a line for each step that is done.
 * @throws AppError `unsupported` without Python, or when pip cannot fetch it.
 */
export async function fetchCompiler(cache: string, say: (line: string) => void): Promise<Compiler> {
  const python = Bun.which("python3");
  if (python === null) {
    throw new AppError(
      "unsupported",
      "building vision takes a C++ compiler (c++, g++ or clang++), or python3 to fetch one with",
    );
  }
  say(`no C++ compiler on the PATH; fetching ${ZIG} from PyPI`);
  await must([python, "-m", "venv", zigFolder(cache)]);
  await must([zigPython(cache), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ZIG]);
  return zig(zigPython(cache));
}

async function must(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code === 0) return;
  // A venv without pip says so on stdout.
  const reason = (errors.trim() || output.trim()).split("\n").at(-1);
  throw new AppError("unsupported", `no C++ compiler could be fetched: ${reason || `exit status ${code}`}`);
}
