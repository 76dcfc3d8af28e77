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
import { blocksOf } from "../support/docs/blocks.ts";
import { furnish, runBlock } from "../support/docs/run-block.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { pictureOf } from "../support/pictures.ts";
import { createModel, deriveModel, type TestServer } from "../support/server.ts";
import { THINKER_TEMPLATE } from "../support/thinker.ts";
import { CALLER_TEMPLATE } from "../support/tool-caller.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const LIMIT_MS = 600_000;
/** Blocks that are only read, of all pages together: a page that grows one has to say why here. */
const NOT_RUN = 18;

const pages = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, blocks: blocksOf(name, readFileSync(join(ROOT, "docs", name), "utf8")) }))
  .filter(({ blocks }) => blocks.length > 0);

let server: TestServer;
const folders: string[] = [];

beforeAll(async () => {
  server = await startVisionServer({ OLLAMA_MAX_LOADED_MODELS: "2" });
  const parameters = { temperature: 0, num_predict: 48 };
  await createModel(server, "smollm2:135m", await smollm2(), { parameters });
  await createModel(server, "nomic-embed-text", await allMiniLm());
  await deriveModel(server, "llama3.2", "smollm2:135m", { template: CALLER_TEMPLATE, parameters });
  await deriveModel(server, "qwen3", "smollm2:135m", { template: THINKER_TEMPLATE, parameters });
  await deriveModel(server, "qwen2.5-coder:1.5b", "smollm2:135m", { parameters });
  await createEyes(server, "gemma3");
}, LIMIT_MS);

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test.each(pages.map(({ name, blocks }) => [name, blocks] as const))(
  "%s",
  async (_, blocks) => {
    const place = { folder: await mkdtemp(join(tmpdir(), "llamero-docs-")), url: server.url };
    folders.push(place.folder);
    await furnish(place);
    await Bun.write(join(place.folder, "a.png"), await pictureOf("purple"));
    for (const block of blocks) await runBlock(block, place);
  },
  LIMIT_MS,
);

test("few blocks are only read", () => {
  const notRun = pages.flatMap(({ blocks }) => blocks).filter((block) => block.notRun !== undefined);
  expect(notRun.length).toBeLessThanOrEqual(NOT_RUN);
});
