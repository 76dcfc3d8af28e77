/**
 * The matrix of Python clients, unchanged, against a real server with real models. clients/<name>.py uses a package all round
 * and prints what it saw; clients/clients.ts says what it must have seen. A client that passes is a line of the README's table.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordClient } from "../support/client-matrix.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { runPython } from "../support/python.ts";
import { createModel, deriveModel, OFFLINE, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";
import { CLIENTS, type Client } from "./clients/clients.ts";
import {
  expectCalls,
  expectChat,
  expectErrors,
  expectStreams,
  expectStructured,
  expectVectors,
  type Seen,
} from "./clients/expectations.ts";

const LIMIT_MS = 400_000;
const FOLDER = join(import.meta.dir, "clients");

let server: TestServer;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "llamero-clients-"));
  server = await startServer({ OLLAMA_MAX_LOADED_MODELS: "2" });
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  const named = CALLER_TEMPLATE.replaceAll("get_weather", "weather-get_weather");
  await deriveModel(server, "named-caller", "smollm2", { template: named });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
});

/** Nothing may leave this machine, nor touch the developer's own settings of these packages. */
const environment = () => ({
  ...OFFLINE,
  HOME: home,
  OLLAMA_HOST: server.url,
  PYTHONPATH: join(FOLDER, "lib"),
  PYTHONDONTWRITEBYTECODE: "1",
  ANONYMIZED_TELEMETRY: "False",
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  CREWAI_DISABLE_TELEMETRY: "true",
  CREWAI_TRACING_ENABLED: "false",
  HAYSTACK_TELEMETRY_ENABLED: "False",
  OTEL_SDK_DISABLED: "true",
});

async function run({ name, requirements }: Client): Promise<Seen> {
  const program = await Bun.file(join(FOLDER, `${name}.py`)).text();
  const options = { requirements, args: [QUESTION, RESULT], env: environment(), cwd: home };
  const { stdout, stderr, code } = await runPython(program, options);
  if (code !== 0) throw new Error(`${name}.py exited with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Seen;
}

/** The answer to a request with nothing around it. */
async function native({ question, limit }: Seen): Promise<string> {
  const messages = [{ role: "user", content: question }];
  const options = { temperature: 0, num_predict: limit };
  const response = await fetch(`${server.url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ model: "smollm2", messages, options, stream: false }),
  });
  const { message } = (await response.json()) as { message: { content: string } };
  return message.content;
}

test.each(CLIENTS.map((client) => [client.name, client] as const))(
  "%s",
  async (_, client) => {
    const seen = await run(client);
    const check: Record<Client["proves"][number], () => unknown> = {
      chat: async () => expectChat(seen.chat, await native(seen)),
      streaming: () => expectStreams(seen),
      tools: () => expectCalls(seen),
      "structured output": () => expectStructured(seen.structured),
      embeddings: () => expectVectors(seen.embeddings),
      errors: () => expectErrors(seen.errors, client.errors),
    };
    for (const feature of client.proves) await check[feature]();
    expect(seen).toMatchObject(client.also ?? {});
    const { name, proves: proven } = client;
    await recordClient({ name, registry: "PyPI", version: seen.version, proven });
  },
  LIMIT_MS,
);
