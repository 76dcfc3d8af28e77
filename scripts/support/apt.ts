import { Failure } from "./failure.ts";

/**
 * Installs a Debian package, as root or by sudo where that asks for no password.
 *
 * @param what needs it; begins the failure's text.
 * @throws Failure when it cannot be installed without asking anybody.
 */
export async function aptInstall(name: string, what: string): Promise<void> {
  const isInstalled =
    (await aptGet(["update"])) && (await aptGet(["install", "--yes", "--no-install-recommends", name]));
  if (!isInstalled) throw new Failure(`${what}, e.g. \`sudo apt-get install ${name}\``);
}

/**
 * Unpacks a Debian package into a directory. Nothing is installed: no service of it starts.
 *
 * @param what needs it; begins the failure's text.
 * @throws Failure when it cannot be had.
 */
export async function aptUnpack(name: string, directory: string, what: string): Promise<void> {
  const download = () =>
    run(["apt-get", "--quiet=2", "--option=APT::Sandbox::User=root", "download", name], directory);
  // Whoever has no lists of packages yet needs them first, which only root may fetch.
  const isThere =
    Bun.which("apt-get") !== null &&
    ((await download()) || ((await aptGet(["update"])) && (await download())));
  const [file] = isThere ? [...new Bun.Glob(`${name}_*.deb`).scanSync({ cwd: directory })] : [];
  if (file !== undefined && (await run(["dpkg-deb", "--extract", file, "."], directory))) return;
  throw new Failure(`${what}, e.g. \`sudo apt-get install ${name}\``);
}

/** Runs apt-get as root. @returns whether that was possible and went well. */
async function aptGet(args: string[]): Promise<boolean> {
  const isRoot = process.getuid?.() === 0;
  if (Bun.which("apt-get") === null || !(isRoot || Bun.which("sudo") !== null)) return false;
  // What a package asks while it is installed would hang whoever waits for it.
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2", ...args];
  return await run(isRoot ? command : ["sudo", "-n", ...command]);
}

async function run(command: string[], cwd?: string): Promise<boolean> {
  const child = Bun.spawn(command, {
    ...(cwd !== undefined && { cwd }),
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  return (await child.exited) === 0;
}
