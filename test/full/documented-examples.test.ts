/** Every example of a request in the OpenAPI document, sent to a real server with tiny models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyLlama, tinyQwenReranker } from "../support/models.ts";
import { createModel, OFFLINE, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 120_000;
const TOOLS_TEMPLATE =
  "{% for tool in tools %}{{ tool | tojson }}{% endfor %}{% for message in messages %}{{ message.content }}{% endfor %}";

/** What the examples take for granted; see {@link stand}. */
const EXAMPLE = {
  digest: "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2",
  store: "/usr/share/ollama/.ollama/models",
};

/** These ask a registry; see test/e2e for pulls and pushes. */
const ELSEWHERE = ["/api/pull", "/api/push", "/api/outdated"];

interface Operation {
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
}

const { paths } = (await Bun.file(join(import.meta.dir, "../../openapi/openapi.json")).json()) as {
  paths: Record<string, Record<string, Operation>>;
};
const local = Object.entries(paths).filter(([path]) => !ELSEWHERE.includes(path));
const requests = local.flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { requestBody }]) =>
    Object.entries(requestBody?.content["application/json"]?.examples ?? {}).map(
      ([name, { value }]) => [`${method.toUpperCase()} ${path} ${name}`, method, path, value] as const,
    ),
  ),
);

let server: TestServer;
let store: string;
let digest: string;

beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), "llamero-examples-"));
  await Promise.all(["manifests", "blobs"].map((folder) => mkdir(join(store, folder))));
  // One of the examples makes a key, which the others do not have.
  server = await startServer({ ...OFFLINE, OLLAMA_REQUIRE_KEYS: "0" });
  // Whatever is asked for, an answer is short.
  const extra = { parameters: { num_predict: 8 } };
  // As long as the context that an example sets.
  digest = await createModel(server, "smollm2", await tinyLlama({ contextLength: 8192 }), extra);
  await createModel(server, "qwen3", await tinyLlama({ chatTemplate: TOOLS_TEMPLATE }), extra);
  await createModel(server, "all-minilm", await tinyLlama(), extra);
  await createModel(server, "bge-reranker", await tinyQwenReranker());
  // What one example deletes, another creates; the order is the document's.
  await createModel(server, "my-model", await tinyLlama());
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  if (store) await rm(store, { recursive: true });
});

/** An example's body with what this server has in place of what the example supposes. */
const stand = (body: unknown): string =>
  JSON.stringify(body).replaceAll(EXAMPLE.digest, digest).replaceAll(EXAMPLE.store, store);

test("there are examples of every kind", () => {
  expect(requests.length).toBeGreaterThanOrEqual(19);
});

test.each(requests)(
  "%s",
  async (_, method, path, body) => {
    const reply = await fetch(`${server.url}${path}`, { method: method.toUpperCase(), body: stand(body) });
    const text = await reply.text();
    // A response of OpenAI's has the field whether there is an error or not.
    expect([reply.status, text]).toEqual([200, expect.not.stringMatching(/"error":(?!null)/)]);
    // An example that asks for something to be ignored would teach it.
    expect(reply.headers.get("warning")).toBeNull();
  },
  LIMIT_MS,
);
