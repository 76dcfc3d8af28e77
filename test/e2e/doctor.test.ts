import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Finding } from "../../src/lib/finding.ts";
import { freePort, startServer } from "../support/server.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");

async function doctor(
  env: Record<string, string>,
): Promise<{ code: number; findings: Record<string, Finding> }> {
  const child = Bun.spawn([process.execPath, MAIN, "doctor", "--json"], {
    env: { PATH: process.env.PATH ?? "", HOME: "/tmp", ...env },
    stdout: "pipe",
    stderr: "ignore",
  });
  const findings: Finding[] = JSON.parse(await child.stdout.text());
  return {
    code: await child.exited,
    findings: Object.fromEntries(findings.map((each) => [each.check, each])),
  };
}

test("finds the real engine, and the server that runs here", async () => {
  await using server = await startServer();
  const { code, findings } = await doctor({ OLLAMA_HOST: server.url, OLLAMA_MODELS: server.modelsDir });
  expect(findings.engine?.says).toMatch(/^llama\.cpp v\d/);
  expect(findings.abi?.verdict).toBe("ok");
  expect(findings.cpu?.says).toMatch(/build \w+, \d+ threads?/);
  expect(findings.port?.says).toContain("llamero");
  expect(findings.port?.verdict).toBe("ok");
  expect(code).toBe(0);
}, 60_000);

test("a library that is not there and a variable without sense are bad, and the rest is checked", async () => {
  const env = { OLLAMA_HOST: `127.0.0.1:${freePort()}`, OLLAMA_LLM_LIBRARY: "metal" };
  const missing = await doctor(env);
  expect(missing.code).toBe(1);
  expect(missing.findings.engine).toMatchObject({
    verdict: "bad",
    advice: expect.stringContaining("llamero engine build"),
  });
  expect(missing.findings.port?.verdict).toBe("ok");
  const senseless = await doctor({ ...env, OLLAMA_NUM_PARALLEL: "many" });
  expect(senseless.findings.settings).toMatchObject({ verdict: "bad" });
  expect(senseless.findings.engine?.verdict).toBe("ok");
}, 60_000);
