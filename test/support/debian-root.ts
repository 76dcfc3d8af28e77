import { chmod, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "../../scripts/support/apt.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { runCommand } from "./run-program.ts";

/** What a bare Debian has besides its essential packages, so that a release can be fetched. */
const PACKAGES = "ca-certificates,curl,unzip";
/** This machine's certificates, which are copied in: a package registry may be behind a proxy of its own. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

export interface Ran {
  code: number;
  /** Both outputs together. */
  output: string;
}

/** A bare Debian in a folder, in which programs run as on a machine of their own but for the kernel and the network. */
export interface DebianRoot extends AsyncDisposable {
  readonly folder: string;
  /** @param user `name` or a number; default root. */
  run(script: string, options?: { user?: string; env?: Record<string, string>; cwd?: string }): Promise<Ran>;
  /** Copies a file or folder of this machine into it. */
  copy(from: string, to: string): Promise<void>;
}

/**
 * A fresh root, from a copy of a debootstrapped one in the cache. Needs root.
 *
 * @throws Failure where debootstrap cannot be had.
 */
export async function debianRoot(): Promise<DebianRoot> {
  if (process.getuid?.() !== 0) throw new Error("a root of its own needs root");
  const archive = await makeOnce(cachePath("debian-bookworm-minbase.tar"), "", bootstrap);
  const folder = await mkdtemp(join(tmpdir(), "llamero-root-"));
  await must(["tar", "-xf", archive, "-C", folder]);
  // A temporary folder is its owner's alone; this one is a whole machine's root.
  await chmod(folder, 0o755);
  for (const file of ["etc/resolv.conf", "etc/hosts", CERTIFICATES.slice(1)]) {
    await cp(join("/", file), join(folder, file), { dereference: true });
  }
  await must(["mount", "--bind", "/dev", join(folder, "dev")]);
  await must(["mount", "-t", "proc", "proc", join(folder, "proc")]);
  return {
    folder,
    run: (script, options) => chroot(folder, script, options),
    async copy(from, to) {
      await mkdir(join(folder, to, ".."), { recursive: true });
      await cp(from, join(folder, to), { recursive: true, dereference: true });
    },
    async [Symbol.asyncDispose]() {
      await must(["umount", join(folder, "proc"), join(folder, "dev")]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bootstrap(target: string): Promise<void> {
  if (Bun.which("debootstrap") === null)
    await aptInstall("debootstrap", "the tests of the installation need debootstrap");
  const folder = await mkdtemp(join(tmpdir(), "llamero-debootstrap-"));
  await must(["debootstrap", "--variant=minbase", `--include=${PACKAGES}`, "bookworm", folder]);
  await must(["tar", "-cf", target, "-C", folder, "."]);
  await rm(folder, { recursive: true, force: true });
}

async function chroot(
  folder: string,
  script: string,
  { user = "0:0", env = {}, cwd = "/" }: { user?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<Ran> {
  const variables = {
    PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    NODE_EXTRA_CA_CERTS: CERTIFICATES,
    ...env,
  };
  const { code, stdout, stderr } = await runCommand([
    "chroot",
    `--userspec=${user}`,
    folder,
    "env",
    "-i",
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    "/bin/sh",
    "-c",
    `cd ${cwd} && { ${script}\n}`,
  ]);
  return { code, output: stdout + stderr };
}

async function must(command: string[]): Promise<void> {
  const { code, stderr } = await runCommand(command);
  if (code !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
}
