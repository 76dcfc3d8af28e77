/**
 * The guide's Python code as it stands in test/e2e/guide, against a real server. `llama3.2` and `nomic-embed-text` are names
 * given to small models; `num_predict` is theirs as a PARAMETER, since the guide's code sets no limit and a small model may
 * ramble up to ten times its context.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { isPortTaken } from "../../scripts/support/port.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { type Requirements, runPython } from "../support/python.ts";
import type { ProgramResult } from "../support/run-program.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;
/** The port that stands in the guide's code for `requests` and OpenAI's package. */
const GUIDE_PORT = 11434;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await addModels(server);
}, LIMIT_MS);

afterAll(() => server?.stop());

async function addModels(target: TestServer): Promise<void> {
  await createModel(target, "smollm2", await smollm2());
  await createModel(target, "all-minilm", await allMiniLm());
  await deriveModel(target, "llama3.2", "smollm2", { parameters: { num_predict: 64, temperature: 0 } });
  const copied = await fetch(`${target.url}/api/copy`, {
    method: "POST",
    body: JSON.stringify({ source: "all-minilm", destination: "nomic-embed-text" }),
  });
  expect(copied.status).toBe(200);
}

/** Runs the code block, then `after`, which may print what the block left in its variables. */
async function block(name: string, after = "", requirements?: Requirements): Promise<ProgramResult> {
  const code = await Bun.file(join(import.meta.dir, "guide", `${name}.py`)).text();
  const env = { OLLAMA_HOST: server.url, ANONYMIZED_TELEMETRY: "False" };
  const result = await runPython(`${code}\n${after}`, { env, ...(requirements && { requirements }) });
  if (result.code !== 0) throw new Error(`${name}.py exited with ${result.code}:\n${result.stderr}`);
  return result;
}

test(
  "native library: generate, chat, streaming, embeddings",
  async () => {
    const { stdout } = await block("native_library", "print()\nprint('vector', len(vector))");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("vector 384");
    // Three answers and what the appended line prints; 200 characters are far fewer than 3 × 64 tokens of prose.
    expect(stdout.length).toBeGreaterThan(200);
  },
  LIMIT_MS,
);

test(
  "streaming: text as it comes, then tokens and speed",
  async () => {
    const { stdout } = await block("streaming");
    const [, tokens, speed] = /\nTokens: (\d+), Speed: (\d+\.\d) t\/s\n$/.exec(stdout) ?? [];
    expect(Number(tokens)).toBeWithin(1, 65);
    expect(Number(speed)).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

test(
  "ChatSession: two turns with history",
  async () => {
    const roles = "print('roles', *[message['role'] for message in session.history])";
    const filled = "print('filled', all(message['content'].strip() for message in session.history))";
    const { stdout } = await block("chat_session", `${roles}\n${filled}`);
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
      "roles system user assistant user assistant",
      "filled True",
    ]);
  },
  LIMIT_MS,
);

test(
  "async streaming from a FastAPI application",
  async () => {
    const client = `
from fastapi.testclient import TestClient
with TestClient(app) as client:
    answer = client.get('/generate', params={'prompt': 'Say hello.'})
print(answer.status_code, answer.headers['content-type'], len(answer.text) > 0)
`;
    const { stdout } = await block("web_application", client);
    expect(stdout).toBe("200 text/event-stream; charset=utf-8 True\n");
  },
  LIMIT_MS,
);

test(
  "RAG with ChromaDB: documents are found by meaning, and answered from",
  async () => {
    const after = `
print('answered', bool(rag_query("What is Python?").strip()))
for question in ["What is Ollama?", "How does RAG work?", "Where are vectors kept?"]:
    print(collection.query(query_texts=[question], n_results=1)['ids'][0])
`;
    const { stdout } = await block("rag", after, "requirements-chromadb.txt");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(-4)).toEqual(["answered True", "['doc_0']", "['doc_1']", "['doc_2']"]);
    // Both of the block's own answers.
    expect(lines.slice(0, -4).join("").length).toBeGreaterThan(50);
  },
  LIMIT_MS,
);

/** A server on the port that stands in the guide's code. */
async function serverOnGuidePort(): Promise<TestServer> {
  if (isPortTaken("127.0.0.1", GUIDE_PORT)) {
    throw new Error(
      `port ${GUIDE_PORT} is taken: stop what listens there, this code of the guide cannot use another`,
    );
  }
  return startServer({}, GUIDE_PORT);
}

test(
  "the OpenAI package on the guide's literal port: chat, embeddings",
  async () => {
    await using onGuidePort = await serverOnGuidePort();
    await addModels(onGuidePort);
    const { stdout } = await block("openai_sdk", "print()\nprint('vector', len(vector))");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("vector 384");
    expect(stdout.length).toBeGreaterThan(50);
  },
  LIMIT_MS,
);

test(
  "list of models with requests, on the guide's literal port",
  async () => {
    await using onGuidePort = await serverOnGuidePort();
    await createModel(onGuidePort, "llama3.2", await smollm2());
    const { stdout } = await block("list_models");
    expect(stdout).toBe(`${"llama3.2:latest".padEnd(30)} 0.1GB\n`);
  },
  LIMIT_MS,
);
