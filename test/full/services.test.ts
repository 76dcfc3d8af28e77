/** The units that an installation puts into systemd's folders. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allMiniLm, tinyLlama } from "../support/models.ts";
import { runCommand } from "../support/run-program.ts";
import { createModel, freePort } from "../support/server.ts";

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

/** What a unit's SystemCallFilter lines allow, one after the other as systemd reads them. */
async function allowedCalls(name: string): Promise<Set<string>> {
  const allowed = new Set<string>();
  const text = await Bun.file(join(UNITS, name)).text();
  for (const [, sign, calls = ""] of text.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)) {
    for (const call of (await Promise.all(calls.split(" ").map(callsOf))).flat()) {
      if (sign === "~") allowed.delete(call);
      else allowed.add(call);
    }
  }
  return allowed;
}

/** The calls of a set like `@resources`, and of the sets in it. */
async function callsOf(call: string): Promise<string[]> {
  if (!call.startsWith("@")) return [call];
  const { output } = await run(["systemd-analyze", "syscall-filter", call]);
  const lines = output.split("\n").slice(1);
  const names = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  return (await Promise.all(names.map(callsOf))).flat();
}

test.each([
  ["as the unit says", []],
  ["and where no priority can be changed at all", ["setpriority"]],
])(
  "with the system's filter of calls models are installed, answer and embed, %s",
  async (what, refused) => {
    const allowed = await allowedCalls("llamero.service");
    expect(allowed.size).toBeGreaterThan(200);
    for (const call of refused) allowed.delete(call);
    const home = join(folder, what.replaceAll(" ", "-"));
    await mkdir(home);
    const url = `http://127.0.0.1:${freePort()}`;
    const filter = ["python3", join(import.meta.dir, "../support/under_filter.py"), [...allowed].join(",")];
    const server = Bun.spawn(
      [...filter, process.execPath, join(import.meta.dir, "../../src/main.ts"), "serve"],
      {
        env: { PATH: process.env.PATH, HOME: home, OLLAMA_HOST: url },
        stdio: ["ignore", "ignore", "ignore"],
      },
    );
    try {
      for (let tries = 0; tries < 200 && !(await fetch(url).catch(() => undefined))?.ok; tries++)
        await Bun.sleep(50);
      await createModel({ url }, "tiny", await tinyLlama());
      await createModel({ url }, "bert", await allMiniLm());
      const post = (path: string, body: object) =>
        fetch(`${url}${path}`, { method: "POST", body: JSON.stringify({ ...body, stream: false }) });
      const answer = await post("/api/generate", { model: "tiny", prompt: "x", options: { num_predict: 2 } });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"done":true')]);
      const embedded = await post("/api/embed", { model: "bert", input: ["x", "y"] });
      expect([embedded.status, await embedded.text()]).toEqual([200, expect.stringContaining("embeddings")]);
    } finally {
      server.kill();
      await server.exited;
    }
  },
  120_000,
);
