import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { codeOf } from "../../src/lib/error-code.ts";
import { ROOT } from "./paths.ts";

/** A launcher of ours has this in its second line. */
const MARK = "# Written by llamero's quickstart";

interface Launcher {
  /** What the user types to start the program. */
  command: string;
  /** For the user: where the command is, or why there is none. */
  says: string;
}

const MAIN = join(ROOT, "src/main.ts");
/** What starts the program where the command could not be written. */
const WITHOUT = `bun ${MAIN}`;

/**
 * Puts a command `llamero` for this checkout into `~/.local/bin`. What is there of somebody else's stays.
 *
 * @param path the PATH, which decides whether the command is found by its name.
 */
export async function writeLauncher(home: string, path: string): Promise<Launcher> {
  const folder = join(home, ".local/bin");
  const file = join(folder, "llamero");
  const isOnPath = path.split(delimiter).includes(folder);
  if (!(await isOurs(file)))
    return { command: WITHOUT, says: `${file} is somebody else's and stays as it is` };
  await mkdir(folder, { recursive: true });
  const scratch = `${file}.${process.pid}`;
  await writeFile(scratch, script());
  await chmod(scratch, 0o755);
  await rename(scratch, file);
  const command = isOnPath ? "llamero" : file;
  const hint = isOnPath ? "" : `; for its short name: export PATH="${folder}:$PATH"`;
  return { command, says: `${file}${hint}` };
}

/** Nothing is there, or what an earlier quickstart has written. */
async function isOurs(file: string): Promise<boolean> {
  try {
    return (await readFile(file, "utf8")).includes(MARK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  }
}

/** The Bun of `npx` lies in a cache that npm may empty. */
const script = (): string => `#!/bin/sh
${MARK}; it starts the checkout in ${ROOT}.
export LLAMERO_COMMAND=llamero
bun=${quoted(process.execPath)}
[ -x "$bun" ] || exec npx -y bun@${Bun.version} ${quoted(MAIN)} "$@"
exec "$bun" ${quoted(MAIN)} "$@"
`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
