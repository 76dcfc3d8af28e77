import { afterAll, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHost } from "../../../src/config/host.ts";
import { lookAtDirectory, lookAtMemory, lookAtPort } from "../../../src/doctor/look.ts";

const directory = await mkdtemp(join(tmpdir(), "llamero-look-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

const at = (port: number) => lookAtPort(parseHost(`127.0.0.1:${port}`));

test("whoever answers at a port is asked who it is", async () => {
  const answers = async (reply: () => Response) => {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: reply });
    try {
      return await at(server.port ?? 0);
    } finally {
      await server.stop(true);
    }
  };
  expect(await answers(() => Response.json({ version: "0.40.12" }))).toEqual({
    who: "server",
    ollama: "0.40.12",
  });
  expect(await answers(() => Response.json({ version: "0.40.12", llamero_version: "1.0.0" }))).toEqual({
    who: "server",
    ollama: "0.40.12",
    llamero: "1.0.0",
  });
  expect(await answers(() => new Response("hello"))).toEqual({ who: "somebody" });
  expect(await answers(() => Response.json(null))).toEqual({ who: "somebody" });
});

test("a port that nobody listens on is free, and an address of others is none to listen on", async () => {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  expect(await at(port)).toEqual({ who: "nobody" });
  expect(await lookAtPort(parseHost(`unix://${directory}/none.sock`))).toEqual({ who: "nobody" });
});

test("a directory that is there, that can be made, and that cannot", async () => {
  expect(await lookAtDirectory(directory)).toMatchObject({ exists: true, free: expect.any(Number) });
  const missing = await lookAtDirectory(join(directory, "a/b"));
  expect(missing).toMatchObject({ exists: false, free: expect.any(Number) });
  expect(missing.problem).toBeUndefined();
  const file = join(directory, "file");
  await Bun.write(file, "x");
  await chmod(file, 0o600);
  expect((await lookAtDirectory(file)).problem).toBe("EACCES");
});

test("memory is some", async () => {
  const { available, total } = await lookAtMemory();
  expect(available).toBeGreaterThan(0);
  expect(total).toBeGreaterThanOrEqual(available);
});
