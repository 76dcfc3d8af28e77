import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceManager } from "../../../src/http/service-manager.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llamero-notify-"));
  const program = join(folder, "systemd-notify");
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${join(folder, "told")}\n`);
  chmodSync(program, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What systemd was told, once it is this many things. */
async function told(count: number): Promise<string[]> {
  const file = join(folder, "told");
  for (;;) {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    if (lines.length >= count) return lines;
    await Bun.sleep(5);
  }
}

const quiet = createLogger("error", "text", () => {});

test("systemd hears that the server is ready, that it turns, and that it stops", async () => {
  const clock = new FakeClock();
  const env = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000", PATH: `${folder}:${process.env.PATH}` };
  const manager = serviceManager(env, clock, quiet);
  manager.ready();
  const pid = `/run/x --pid=${process.pid}`;
  expect(await told(1)).toEqual([`${pid} READY=1`]);
  clock.advance(15_000);
  expect((await told(2))[1]).toBe(`${pid} WATCHDOG=1`);
  clock.advance(15_000);
  expect((await told(3))[2]).toBe(`${pid} WATCHDOG=1`);
  for (let call = 0; call < 3; call++) manager.stillStopping();
  expect((await told(4))[3]).toBe(`${pid} EXTEND_TIMEOUT_USEC=6000000`);
  manager.stopping();
  expect((await told(5))[4]).toBe(`${pid} STOPPING=1`);
  manager[Symbol.dispose]();
  clock.advance(60_000);
  await Bun.sleep(20);
  expect(await told(5)).toHaveLength(5);
});

test("elsewhere nothing is told, and a systemd without its program is only warned about", () => {
  const warnings: string[] = [];
  const logger = createLogger("warn", "text", (line) => warnings.push(line));
  serviceManager({ PATH: folder }, new FakeClock(), logger).ready();
  expect(existsSync(join(folder, "told"))).toBe(false);
  serviceManager({ NOTIFY_SOCKET: "/run/x", PATH: "/nowhere" }, new FakeClock(), logger).ready();
  expect(warnings).toHaveLength(1);
});
