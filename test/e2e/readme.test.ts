/** The README's examples, run as they stand there but for the port. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { runPython } from "../support/python.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 120_000;
const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2:135m", await smollm2(), { parameters: { temperature: 0 } });
}, 300_000);

afterAll(async () => {
  await server.stop();
}, 30_000);

/** The code block that follows `<!-- run: language -->`. */
function example(language: string): string {
  const block = new RegExp(`<!-- run: ${language} -->\\s*\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(
    readme,
  )?.[1];
  if (block === undefined) throw new Error(`the README has no ${language} example`);
  return block;
}

test(
  "curl",
  async () => {
    const script = example("sh").replaceAll("http://localhost:11434", server.url);
    const child = Bun.spawn(["bash", "-euo", "pipefail", "-c", script], { stdout: "pipe", stderr: "ignore" });
    const out = await new Response(child.stdout).text();
    expect(await child.exited).toBe(0);
    const [generated = "", rest = ""] = out.split(/(?<="done":true[^\n]*\n)/);
    expect(generated.trim().split("\n").length).toBeGreaterThan(5);
    const [chat = "", tags = ""] = rest.split(/(?<=\})(?=\{"models")/);
    expect(JSON.parse(JSON.parse(chat).message.content)).toEqual({ colour: expect.any(String) });
    expect(JSON.parse(tags).models[0].name).toBe("smollm2:135m");
  },
  LIMIT_MS,
);

test(
  "Python",
  async () => {
    const { stdout, stderr, code } = await runPython(example("python"), { env: { OLLAMA_HOST: server.url } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trim().length).toBeGreaterThan(10);
  },
  LIMIT_MS,
);
