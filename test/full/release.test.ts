/** What `bun run release` builds, installed as users do: by the script and by npm. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { sha256OfFile } from "../../scripts/support/sha256.ts";
import { debianRoot } from "../support/debian-root.ts";
import { addNode } from "../support/dockerfile.ts";
import { documentedBlock } from "../support/docs/blocks.ts";
import { runCommand } from "../support/run-program.ts";
import { serves } from "../support/serves.ts";

const ROOT = join(import.meta.dir, "../..");
const LIMIT_MS = 900_000;
const { version } = packageJson;
/** Where this machine reaches its package registry only by certificates of its own. */
const CERTIFICATES: Record<string, string> = process.env.NODE_EXTRA_CA_CERTS
  ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }
  : {};
let folder: string;
let release: string;
let web: Bun.Server<undefined>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-release-test-"));
  release = join(folder, "release");
  web = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const file = Bun.file(join(release, new URL(request.url).pathname));
      return (await file.exists()) ? new Response(file) : new Response("not found", { status: 404 });
    },
  });
  const url = `http://127.0.0.1:${web.port}`;
  const built = await run(
    [process.execPath, "scripts/release.ts", release, `--url=${url}`, "--with-bun"],
    {},
    ROOT,
  );
  expect(built).toMatchObject({ code: 0 });
}, LIMIT_MS);

afterAll(async () => {
  await web.stop(true);
  await rm(folder, { recursive: true });
}, LIMIT_MS);

async function run(command: string[], env: Record<string, string> = {}, cwd = folder) {
  const { code, stdout, stderr } = await runCommand(command, {
    cwd,
    env: { ...CERTIFICATES, PATH: process.env.PATH ?? "", ...env },
  });
  return { code, output: stdout + stderr };
}

/** The command of docs/deployment.md with these words in it, for the release of this test. */
function documented(words: string): string {
  const lines = documentedBlock("deployment.md", "URL/install.sh").split("\n");
  const line = lines.find((each) => each.includes(words));
  if (line === undefined) throw new Error(`deployment.md has no command with ${words}`);
  return line.replace(/ +#.*/, "").replaceAll("URL", `http://127.0.0.1:${web.port}`);
}

/** A PATH with everything that this machine's has, but no Bun. */
async function pathWithoutBun(): Promise<string> {
  const bin = join(folder, "bin");
  if (existsSync(bin)) return bin;
  await mkdir(bin);
  for (const directory of ["/bin", "/usr/bin", "/usr/local/bin"]) {
    for (const name of await readdir(directory)) {
      if (/^bunx?$/.test(name) || existsSync(join(bin, name))) continue;
      await symlink(join(directory, name), join(bin, name));
    }
  }
  return bin;
}

/** A program of a few words, in place of one that this machine does not have. */
async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}

describe("the released folder", () => {
  test("has what it says, with digests, and no tests in the package", async () => {
    const checked = await run(["sha256sum", "-c", "SHA256SUMS"], {}, release);
    expect(checked.code).toBe(0);
    const archives = (await readdir(release)).filter((name) => name.endsWith(".tgz"));
    expect(archives.sort()).toEqual([`llamero-${version}.tgz`, `llamero-client-${version}.tgz`]);
    const listed = await run(["tar", "-tzf", `llamero-${version}.tgz`], {}, release);
    expect(listed.output).toContain("package/LICENSE\n");
    expect(listed.output).toContain("package/app/src/main.ts\n");
    expect(
      listed.output.split("\n").filter((name) => /\.test\.ts$|^package\/(app\/)?test\//.test(name)),
    ).toEqual([]);
    expect(await Bun.file(join(release, "LICENCES.txt")).text()).toMatch(/^node-llama-cpp [\d.]+: MIT$/m);
  });
});

describe("install.sh", () => {
  test(
    "installs for one user with npm alone, upgrades in place, and uninstalls",
    async () => {
      const home = join(folder, "user");
      await mkdir(home);
      const env = { HOME: home, PATH: await pathWithoutBun() };
      const pipe = ["sh", "-c", documented("| sh ")];
      expect(await run(pipe, env)).toMatchObject({ code: 0 });
      const llamero = join(home, ".local/bin/llamero");
      expect((await run([llamero, "--version"], env)).output).toContain(`client version is ${version}`);
      expect(await serves([llamero, "serve"], { ...CERTIFICATES, ...env })).toBe("Ollama is running");
      const again = await run(pipe, env);
      expect(again.output).toContain(`version ${version} is there already`);
      // An older version gives way to this one in place.
      const prefix = join(home, ".local/share/llamero");
      await rename(join(prefix, version), join(prefix, "0.0.9"));
      expect(await run(["ln", "-sfn", "0.0.9", join(prefix, "current")])).toMatchObject({ code: 0 });
      expect(await run(pipe, env)).toMatchObject({ code: 0 });
      expect((await readdir(prefix)).sort()).toEqual([version, expect.stringMatching(/^bun-/), "current"]);
      expect((await run([llamero, "--version"], env)).output).toContain(`client version is ${version}`);
      const gone = await run(["sh", join(release, "install.sh"), "--uninstall"], env);
      expect(gone).toMatchObject({ code: 0 });
      expect(existsSync(llamero) || existsSync(join(home, ".local/share/llamero"))).toBe(false);
      expect(existsSync(join(home, ".llamero"))).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "on macOS the service is launchd's, which is told of a new version and of the end",
    async () => {
      const home = join(folder, "mac");
      const bin = join(folder, "mac-bin");
      await mkdir(home);
      await mkdir(bin);
      const told = join(folder, "launchctl.log");
      await script(join(bin, "uname"), "[ $1 = -s ] && echo Darwin || echo arm64");
      await script(join(bin, "launchctl"), `echo "$@" >> ${told}`);
      const env = { HOME: home, PATH: `${bin}:${await pathWithoutBun()}` };
      const install = ["sh", join(release, "install.sh"), "--release", release];
      expect(await run([...install, "--service", "system"], env)).toMatchObject({ code: 1 });
      expect(await run([...install, "--service", "user"], env)).toMatchObject({ code: 0 });
      const agent = join(home, "Library/LaunchAgents/llamero.plist");
      const read = "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
      const plist = await run(["python3", "-c", read, agent]);
      expect(JSON.parse(plist.output)).toMatchObject({
        Label: "llamero",
        ProgramArguments: [join(home, ".local/bin/llamero"), "serve"],
        RunAtLoad: true,
        KeepAlive: { SuccessfulExit: false },
        StandardErrorPath: join(home, "Library/Logs/llamero.log"),
      });
      expect(await run([...install, "--service", "none"], env)).toMatchObject({ code: 0 });
      expect(await run([...install, "--uninstall"], env)).toMatchObject({ code: 0 });
      expect(existsSync(agent)).toBe(false);
      const start = [`unload ${agent}`, `load -w ${agent}`];
      const lines = [...start, ...start, `unload -w ${agent}`, ""];
      expect(await Bun.file(told).text()).toBe(lines.join("\n"));
    },
    LIMIT_MS,
  );

  test(
    "lies beside others' files in a folder with any name, and takes away its own only",
    async () => {
      const home = join(folder, "other user");
      const [prefix, bin] = [join(home, "my apps & tools | 100%"), join(home, "my bin")];
      for (const theirs of ["2024 photos/1.jpg", "bun-notes/a.txt", "1/package.json"])
        await Bun.write(join(prefix, theirs), "theirs");
      await Bun.write(join(bin, "other"), "theirs");
      const env = { HOME: home, PATH: await pathWithoutBun(), XDG_CONFIG_HOME: join(home, "my config") };
      const install = ["dash", join(release, "install.sh"), "--release", release];
      const places = ["--prefix", prefix, "--bin", bin];
      expect(await run([...install, ...places, "--service", "user"], env)).toMatchObject({ code: 0 });
      const llamero = join(bin, "llamero");
      expect((await run([llamero, "--version"], env)).output).toContain(`client version is ${version}`);
      const unit = await Bun.file(join(home, "my config/systemd/user/llamero.service")).text();
      const quoted = prefix.replace("%", "%%");
      expect(unit).toContain(`ExecStart="${quoted}/current/bun" "${quoted}/current/src/main.ts" serve`);
      expect(await run([...install, ...places], env)).toMatchObject({ code: 0 });
      const gone = await run([...install, ...places, "--uninstall"], env);
      expect(gone).toMatchObject({ code: 0, output: expect.stringContaining("has other files, and stays") });
      expect((await readdir(prefix)).sort()).toEqual(["1", "2024 photos", "bun-notes"]);
      expect(await readdir(bin)).toEqual(["other"]);
    },
    LIMIT_MS,
  );

  test("a file that is not the released one is refused, and nothing is left", async () => {
    const home = join(folder, "tampered");
    await mkdir(home);
    const copy = join(folder, "copy");
    await cp(release, copy, { recursive: true });
    await appendFile(join(copy, `llamero-${version}.tgz`), "x");
    const env = { HOME: home, PATH: process.env.PATH ?? "" };
    const { code, output } = await run(["sh", join(copy, "install.sh"), "--release", copy], env);
    expect(code).toBe(1);
    expect(output).toContain("has another digest than the release says; nothing was installed");
    expect(existsSync(join(home, ".local/bin/llamero"))).toBe(false);
  });

  test(
    "installs in a bare Debian without npm, where the released Bun serves",
    async () => {
      await using root = await debianRoot();
      const installed = await root.run(documented("--service system").replace("sudo ", ""));
      expect(installed.output).toContain(`version ${version} is installed: /usr/local/bin/llamero`);
      expect(existsSync(join(root.folder, "opt/llamero/current/bun"))).toBe(true);
      // The engine opens where there is no compiler, and no header or development file of a library.
      const doctor = await root.run("OLLAMA_HOST=127.0.0.1:0 llamero doctor");
      expect(doctor.output).toMatch(/^ok {4}engine {4}llama\.cpp v/m);
      const command = ["/usr/sbin/chroot", root.folder, "/usr/local/bin/llamero", "serve"];
      expect(
        await serves(command, { ...CERTIFICATES, PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/root" }),
      ).toBe("Ollama is running");
    },
    LIMIT_MS,
  );
});

test("the package has the documents as a site, and no tests", async () => {
  const { code, output } = await run(["tar", "tzf", join(release, `llamero-${version}.tgz`)]);
  expect(code).toBe(0);
  const files = output.split("\n");
  expect(files.filter((path) => path.endsWith("docs/.vitepress/dist/index.html"))).toHaveLength(1);
  expect(files.filter((path) => path.includes("/test/"))).toEqual([]);
});

test(
  "npm i -g works with Node alone",
  async () => {
    const [home, prefix] = [join(folder, "npm-home"), join(folder, "npm-prefix")];
    await mkdir(home);
    const env = { HOME: home, PATH: `${prefix}/bin:${await pathWithoutBun()}`, npm_config_prefix: prefix };
    const install = documented("npm install").split(" ");
    expect(await run(install, env)).toMatchObject({ code: 0 });
    expect((await run(["llamero", "--version"], env)).output).toContain(`client version is ${version}`);
    expect(await serves(["llamero", "serve"], { ...CERTIFICATES, ...env })).toBe("Ollama is running");
    const engines = await readdir(join(home, `.llamero/runtime/${version}/node_modules/@node-llama-cpp`));
    expect(engines).toEqual([`${process.platform}-${process.arch}`]);
  },
  LIMIT_MS,
);

describe("in a bare Debian", () => {
  const llamero = `llamero-${version}.tgz`;
  const engines = "/root/.llamero/runtime/*/node_modules/@node-llama-cpp";

  test(
    "npm i -g and npx work with Node alone, and only this machine's engine comes",
    async () => {
      await using root = await debianRoot();
      await addNode(root);
      await root.copy(join(release, llamero), "root/llamero.tgz");
      const ran = await root.run(
        `cd /root && npm i -g --no-audit --no-fund ./llamero.tgz && llamero --version && ls ${engines} && npx --yes ./llamero.tgz --version`,
      );
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.output.match(new RegExp(`client version is ${version}`, "g"))).toHaveLength(2);
      expect(ran.output).toContain(`\n${process.platform}-${process.arch}\n`);
    },
    LIMIT_MS,
  );

  test(
    "bun add -g works with Bun alone",
    async () => {
      await using root = await debianRoot();
      await root.copy(process.execPath, "usr/local/bin/bun");
      await root.copy(join(release, llamero), "root/llamero.tgz");
      const ran = await root.run(
        "cd /root && chmod 755 /usr/local/bin/bun && ln -s bun /usr/local/bin/node && bun add -g ./llamero.tgz && /root/.bun/bin/llamero --version",
      );
      expect(ran.output).toContain(`client version is ${version}`);
    },
    LIMIT_MS,
  );
});

test(
  "bun add -g works too",
  async () => {
    const home = join(folder, "bun-home");
    await mkdir(home);
    const env = { HOME: home, PATH: `${home}/.bun/bin:${process.env.PATH}` };
    const added = await run([process.execPath, "add", "-g", join(release, `llamero-${version}.tgz`)], env);
    expect(added).toMatchObject({ code: 0 });
    expect((await run([join(home, ".bun/bin/llamero"), "--version"], env)).output).toContain(version);
  },
  LIMIT_MS,
);

describe("for other systems", () => {
  test("Homebrew's formula names the tarball and its digest", async () => {
    const formula = await Bun.file(join(release, "llamero.rb")).text();
    const digest = await sha256OfFile(join(release, `llamero-${version}.tgz`));
    expect(formula).toContain(`version "${version}"`);
    expect(formula).toContain(`url "http://127.0.0.1:${web.port}/llamero-${version}.tgz"`);
    expect(formula).toContain(`sha256 "${digest}"`);
    expect(formula).not.toMatch(/@[A-Z]+@/);
  });

  test("Windows is told of WSL2, by npm's command too", async () => {
    const powershell = await Bun.file(join(release, "install.ps1")).text();
    expect(powershell).toContain(`"http://127.0.0.1:${web.port}"`);
    expect(powershell).toContain("llamero needs WSL2: run 'wsl --install'");
    const asWindows = "Object.defineProperty(process, 'platform', { value: 'win32' });";
    const launcher = join(ROOT, "bin/llamero.mjs");
    const refused = await run(["node", "-e", `${asWindows} import(${JSON.stringify(launcher)})`, "serve"]);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("WSL2") });
  });
});
