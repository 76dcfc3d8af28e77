/** Each page of the books is overwritten in turn, twice: afterwards every model is listed and answers. */
import { expect, test } from "bun:test";
import { closeSync, cpSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { startKillable } from "../support/killable-server.ts";
import { tinyLlama } from "../support/models.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";

const PAGE = 4096;
const LIMIT_MS = 15 * 60_000;
const MODELS = ["a", "b", "c"];

async function post(url: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const reply = await fetch(`${url}${path}`, { method: "POST", body });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
  return text;
}

/** A store of three models, at rest. */
async function fill(home: string): Promise<void> {
  const server = await startKillable(home, {});
  for (const [index, model] of MODELS.entries()) {
    const bytes = await Bun.file(await tinyLlama({ seed: index + 1 })).bytes();
    const digest = digestOf(bytes);
    await post(server.url, `/api/blobs/${digest}`, bytes);
    const create = { model, files: { "a.gguf": digest }, system: `I am ${model}.`, stream: false };
    await post(server.url, "/api/create", JSON.stringify(create));
  }
  await server.end("SIGTERM");
}

async function expectWhole(home: string): Promise<string> {
  const server = await startKillable(home, {});
  try {
    const tags = await (await fetch(`${server.url}/api/tags`)).text();
    const models: { name: string }[] = JSON.parse(tags).models;
    expect(models.map(({ name }) => name).sort()).toEqual(MODELS.map((model) => `${model}:latest`));
    for (const model of MODELS) {
      expect(JSON.parse(await post(server.url, "/api/show", JSON.stringify({ model }))).system).toBe(
        `I am ${model}.`,
      );
    }
    const ask = { model: "a", prompt: "a", stream: false, options: { num_predict: 1 } };
    expect(JSON.parse(await post(server.url, "/api/generate", JSON.stringify(ask))).done).toBe(true);
    return server.log();
  } finally {
    await server.end("SIGKILL");
  }
}

test(
  "books with a page overwritten are made anew, or never needed it",
  async () => {
    using home = tempDirectory();
    await fill(home.path);
    const pages = statSync(join(home.path, "models/llamero.db")).size / PAGE;
    let anew = 0;
    for (let page = 0; page < pages; page++) {
      using copy = tempDirectory();
      cpSync(home.path, copy.path, { recursive: true, preserveTimestamps: true });
      const fd = openSync(join(copy.path, "models/llamero.db"), "r+");
      writeSync(fd, new Uint8Array(PAGE).fill(page % 2 === 0 ? 0xa5 : 0), 0, PAGE, page * PAGE);
      closeSync(fd);
      const log = await expectWhole(copy.path);
      if (log.includes("made anew")) anew++;
    }
    console.log(
      `${pages} pages overwritten one by one: ${anew} times the books were made anew, 0 models lost`,
    );
    expect(anew).toBeGreaterThan(pages / 2);
  },
  LIMIT_MS,
);
