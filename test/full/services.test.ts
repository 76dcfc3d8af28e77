/** The units that an installation puts into systemd's folders. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/run-program.ts";

const UNITS = join(import.meta.dir, "../../deploy/systemd");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-units-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function run(command: string[]) {
  const { code, stdout, stderr } = await runCommand(command, {
    env: { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  return { code, output: stdout + stderr };
}

/** A unit as it is installed, but for programs that are not there. */
async function installed(name: string): Promise<string> {
  const file = join(folder, name);
  const text = (await Bun.file(join(UNITS, name)).text())
    .replaceAll("@PREFIX@/current/bun", "/bin/true")
    .replaceAll("@PREFIX@", "/opt");
  await Bun.write(file, text);
  return file;
}

test.each([
  ["llamero.service", "--system"],
  ["llamero-user.service", "--user"],
])("systemd understands %s", async (name, scope) => {
  expect(await run(["systemd-analyze", scope, "verify", await installed(name)])).toEqual({
    code: 0,
    output: "",
  });
});

test("the system's exposes little", async () => {
  const { output } = await run([
    "systemd-analyze",
    "security",
    "--offline=true",
    await installed("llamero.service"),
  ]);
  expect(Number(/exposure level for llamero.service: ([\d.]+)/.exec(output)?.[1])).toBeLessThanOrEqual(3);
});

test.each([
  ["llamero.service", ["NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=llamero"]],
  ["llamero-user.service", ["NoNewPrivileges=yes"]],
])("%s says when it is ready and is watched", async (name, lines) => {
  const text = await Bun.file(join(UNITS, name)).text();
  for (const line of ["Type=notify", "WatchdogSec=30", "Restart=on-failure", ...lines])
    expect(text).toContain(`\n${line}\n`);
});
