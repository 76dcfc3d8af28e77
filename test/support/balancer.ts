import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "./server.ts";

/** A balancer in a process of its own. */
export interface Balancer extends AsyncDisposable {
  readonly pid: number;
  log(): string;
}

/** HAProxy's configuration without what only root, or a machine with Debian's users, can do. */
const withoutUser = (config: string): string => config.replace(/^ +(user|group) .*\n/gm, "");

/** The path of a program that a package of the distribution brings. @throws Error where it is not installed. */
function requireProgram(name: string, debian = name): string {
  const path = Bun.which(name, { PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` });
  if (path === null) throw new Error(`these tests need ${name}, e.g. \`sudo apt-get install ${debian}\``);
  return path;
}

/** What HAProxy says of a configuration; its status is 0 for one without a mistake or a warning. */
export async function checkHaproxy(config: string): Promise<{ code: number; output: string }> {
  const directory = await mkdtemp(join(tmpdir(), "llamero-haproxy-"));
  try {
    const path = join(directory, "haproxy.cfg");
    await writeFile(path, withoutUser(config));
    const { exitCode, stdout, stderr } = Bun.spawnSync([requireProgram("haproxy"), "-c", "-f", path]);
    return { code: exitCode, output: `${stdout}${stderr}` };
  } finally {
    await rm(directory, { recursive: true });
  }
}

export const startHaproxy = (config: string, url: string): Promise<Balancer> =>
  start("haproxy.cfg", withoutUser(config), `${url}/api/version`, (path) => [
    requireProgram("haproxy"),
    ...["-db", "-f", path],
  ]);

/**
 * @param sites what nginx includes into its `http` section, as Debian's does with conf.d.
 * @param ready what answers with 200 once it works.
 */
export const startNginx = (sites: string, url: string, ready = "/api/version"): Promise<Balancer> =>
  start("nginx.conf", nginxConfig(sites), `${url}${ready}`, (path, directory) => [
    requireProgram("nginx", "nginx-light"),
    ...["-p", directory, "-c", path, "-e", "stderr", "-g", "daemon off;"],
  ]);

/** Started by root its workers would be nobody, who cannot write where tests have their files. */
const asRoot = process.getuid?.() === 0 ? "user root root;" : "";

const nginxConfig = (sites: string): string => `
${asRoot}
worker_processes 1;
pid nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
${sites}
}
`;

async function start(
  name: string,
  config: string,
  ready: string,
  command: (path: string, directory: string) => string[],
): Promise<Balancer> {
  const directory = await mkdtemp(join(tmpdir(), "llamero-balancer-"));
  const path = join(directory, name);
  await mkdir(directory, { recursive: true });
  await writeFile(path, config);
  const child = Bun.spawn(command(path, directory), {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const logs = [collect(child.stdout), collect(child.stderr)];
  const log = () => logs.map((each) => each()).join("");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 2000);
    await child.exited;
    clearTimeout(killer);
    await rm(directory, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(ready).catch(() => undefined);
    if (answer?.status === 200) return { pid: child.pid, log, [Symbol.asyncDispose]: stop };
    if (child.exitCode !== null) break;
    await Bun.sleep(50);
  }
  await stop();
  throw new Error(`${name} does not balance:\n${log()}`);
}
