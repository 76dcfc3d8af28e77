/**
 * Every block of the pages of docs/ runs as it stands there, but for the port, against one real server. Small models bear the names
 * that the pages use; a block that cannot run here says why in a comment, and is only read.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/support/paths.ts";
import { type Block, blocksOf } from "../support/docs/blocks.ts";
import { furnish, type Place, runBlock } from "../support/docs/run-block.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { pictureOf } from "../support/pictures.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { THINKER_TEMPLATE } from "../support/thinker.ts";
import { CALLER_TEMPLATE } from "../support/tool-caller.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const LIMIT_MS = 600_000;
/** The blocks that are only read, by pages, each with its reason. */
const ONLY_READ: Record<string, string[]> = {
  "deployment.md": [
    "URL is yours; release.test.ts runs these lines with its own",
    "it takes minutes and a compiler; engine-build.test.ts builds",
    "no container engine runs in the tests; container.test.ts starts what these files say",
    "no container engine runs in the tests; pool-mirror.test.ts has Debian's docker-registry",
  ],
  "gpu.md": ["documented-installs.test.ts runs it in a checkout of its own"],
  "quick-start.md": ["documented-installs.test.ts runs it in a checkout of its own"],
  "rag.md": ["documented-installs.test.ts runs it in an environment of its own"],
};

const pages = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, blocks: blocksOf(name, readFileSync(join(ROOT, "docs", name), "utf8")) }))
  .filter(({ blocks }) => blocks.length > 0);

let registry: RegistryServer;
let server: TestServer;
/** Stand for the servers of a pool. */
const members: TestServer[] = [];
const folders: string[] = [];

beforeAll(async () => {
  registry = await startRegistry();
  const url = `http://${registry.host}`;
  server = await startVisionServer({
    OLLAMA_MAX_LOADED_MODELS: "2",
    OLLAMA_ALLOWED_REGISTRIES: `registry.ollama.ai,hf.co,${registry.host}`,
    OLLAMA_REGISTRY_MIRROR: `${url},hf.co=${url}`,
  });
  for (let number = 1; number <= 3; number++) members.push(await startServer());
  const parameters = { temperature: 0, num_predict: 48 };
  await createModel(server, "smollm2:135m", await smollm2(), { parameters });
  await createModel(server, "nomic-embed-text", await allMiniLm());
  await deriveModel(server, "llama3.2", "smollm2:135m", { template: CALLER_TEMPLATE, parameters });
  await deriveModel(server, "qwen3", "smollm2:135m", { template: THINKER_TEMPLATE, parameters });
  await deriveModel(server, "qwen2.5-coder:1.5b", "smollm2:135m", { parameters });
  await createEyes(server, "gemma3");
  await publish("library/llama3.2:latest", "llama3.2");
  await publish("bartowski/SmolLM2-135M-Instruct-GGUF:Q4_K_M", "smollm2:135m");
}, LIMIT_MS);

/** Puts a model of the server into the registry, where pages pull it from. */
async function publish(path: string, model: string): Promise<void> {
  const name = `${registry.host}/${path}`;
  for (const [route, body] of [
    ["copy", { source: model, destination: name }],
    ["push", { model: name, insecure: true, stream: false }],
  ] as const) {
    const reply = await fetch(`${server.url}/api/${route}`, { method: "POST", body: JSON.stringify(body) });
    expect({ route, status: reply.status, text: await reply.text() }).toMatchObject({ route, status: 200 });
  }
}

afterAll(async () => {
  for (const member of members) await member.stop();
  await server?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function runWhereItBelongs(block: Block, place: Place): Promise<void> {
  if (block.ownServer === undefined) return void (await runBlock(block, place));
  await using own = await startServer();
  await runBlock(block, { ...place, url: own.url });
}

test.each(pages.map(({ name, blocks }) => [name, blocks] as const))(
  "%s",
  async (_, blocks) => {
    const place = {
      folder: await mkdtemp(join(tmpdir(), "llamero-docs-")),
      url: server.url,
      registry: registry.host,
      members: members.map(({ port }) => `127.0.0.1:${port}`),
    };
    folders.push(place.folder);
    await furnish(place);
    await Bun.write(join(place.folder, "a.png"), await pictureOf("purple"));
    for (const block of blocks) await runWhereItBelongs(block, place);
  },
  LIMIT_MS,
);

test("what is only read is known, and why", () => {
  const found = pages.map(
    ({ name, blocks }) => [name, blocks.flatMap(({ notRun }) => notRun ?? [])] as const,
  );
  expect(Object.fromEntries(found.filter(([, reasons]) => reasons.length > 0))).toEqual(ONLY_READ);
});
