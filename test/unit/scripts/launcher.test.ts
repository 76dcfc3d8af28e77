import { expect, test } from "bun:test";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeLauncher } from "../../../scripts/support/launcher.ts";
import { runCommand } from "../../support/run-program.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

test("the command starts this checkout, from anywhere", async () => {
  using directory = tempDirectory();
  const home = directory.path;
  const bin = join(home, ".local/bin");
  expect(await writeLauncher(home, `/usr/bin:${bin}`)).toEqual({
    command: "llamero",
    says: join(bin, "llamero"),
  });
  const ran = await runCommand([join(bin, "llamero"), "help", "queue"], {
    cwd: "/",
    env: { HOME: home, PATH: "/usr/bin:/bin" },
  });
  expect(ran.stdout).toContain("Usage:\n  llamero queue");
  // Once more, as another quickstart does.
  expect((await writeLauncher(home, bin)).command).toBe("llamero");
});

test("a folder that is not on the PATH is said", async () => {
  using directory = tempDirectory();
  const home = directory.path;
  const file = join(home, ".local/bin/llamero");
  expect(await writeLauncher(home, "/usr/bin")).toEqual({
    command: file,
    says: `${file}; for its short name: export PATH="${join(home, ".local/bin")}:$PATH"`,
  });
});

test("somebody else's file stays as it is", async () => {
  using directory = tempDirectory();
  const home = directory.path;
  const file = join(home, ".local/bin/llamero");
  await mkdir(join(file, ".."), { recursive: true });
  await Bun.write(file, "#!/bin/sh\necho mine\n");
  await chmod(file, 0o755);
  const { command, says } = await writeLauncher(home, "/usr/bin");
  expect(says).toBe(`${file} is somebody else's and stays as it is`);
  expect(command).toMatch(/^bun .*src\/main\.ts$/);
  expect(await readFile(file, "utf8")).toBe("#!/bin/sh\necho mine\n");
});
