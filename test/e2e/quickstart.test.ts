/** What quickstart says when it cannot start: one line, before anything is fetched. Its way to an answer is the README's command. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const QUICKSTART = join(import.meta.dir, "../../scripts/quickstart.ts");

async function quickstart(host: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = Bun.spawn([process.execPath, QUICKSTART, "--once"], {
    env: { ...process.env, OLLAMA_HOST: host },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}

test("the port is another program's", async () => {
  using program = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("", { status: 404 }),
  });
  const url = `http://127.0.0.1:${program.port}`;
  expect(await quickstart(`127.0.0.1:${program.port}`)).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: another program listens at ${url} already; stop it, or set OLLAMA_HOST to another port\n`,
  });
});

test("the port is an Ollama's", async () => {
  using ollama = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ version: "0" }) });
  const url = `http://127.0.0.1:${ollama.port}`;
  expect(await quickstart(`127.0.0.1:${ollama.port}`)).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: an Ollama-compatible server runs at ${url} already; stop it, or set OLLAMA_HOST to another port\n`,
  });
});

test("the configuration is refused", async () => {
  const { code, stderr } = await quickstart("foo:bar");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: OLLAMA_HOST="foo:bar" is not valid: [^\n]+\n$/);
});
