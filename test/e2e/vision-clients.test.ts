/** Pictures from the clients that people use, unchanged. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pictureOf } from "../support/pictures.ts";
import { recordPypiClient } from "../support/pypi-client.ts";
import { type Requirements, runPython } from "../support/python.ts";
import type { TestServer } from "../support/server.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const LIMIT_MS = 900_000;

let server: TestServer;
const picture = join(tmpdir(), `llamero-purple-${process.pid}.png`);

beforeAll(async () => {
  server = await startVisionServer();
  await createEyes(server, "eyes");
  await Bun.write(picture, await pictureOf("purple"));
}, LIMIT_MS);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(picture, { force: true });
});

/** What the model said to each client, its first word. */
async function said(program: string, requirements: Requirements): Promise<Record<string, string>> {
  const code = await Bun.file(join(import.meta.dir, "python-vision", program)).text();
  const { stdout, stderr, code: exit } = await runPython(code, { requirements, args: [server.url, picture] });
  if (exit !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

const firstWords = (answers: Record<string, string>) =>
  Object.fromEntries(Object.entries(answers).map(([name, text]) => [name, text.trim().split(" ")[0]]));

test(
  "ollama by path and by bytes, openai in both of its APIs, anthropic",
  async () => {
    const { refused, ...answers } = await said("official.py", "requirements.txt");
    expect(refused).toBe("400 TIFF is not supported: send PNG, JPEG, WebP, GIF or AVIF, or WAV");
    expect(firstWords(answers)).toEqual({
      "ollama chat, path": "purple",
      "ollama chat, bytes": "purple",
      "ollama generate, path": "purple",
      "ollama generate, stream": "purple",
      "openai chat": "purple",
      "openai responses": "purple",
      anthropic: "purple",
    });
    for (const name of ["ollama", "openai", "anthropic"]) await recordPypiClient(name, ["images"]);
  },
  LIMIT_MS,
);

test(
  "LangChain, by way of Ollama's API and of OpenAI's",
  async () => {
    expect(firstWords(await said("langchain.py", "requirements-clients.txt"))).toEqual({
      "langchain-ollama": "purple",
      "langchain-openai": "purple",
    });
    await recordPypiClient("langchain-ollama", ["images"], "requirements-clients.txt");
    await recordPypiClient("langchain-openai", ["images"], "requirements-clients.txt");
  },
  LIMIT_MS,
);

test(
  "llm, by an attachment",
  async () => {
    expect(firstWords(await said("llm.py", "requirements-clients.txt"))).toEqual({ "llm-ollama": "purple" });
    await recordPypiClient("llm-ollama", ["images"], "requirements-clients.txt");
  },
  LIMIT_MS,
);
