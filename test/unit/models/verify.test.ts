import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VerifyStatus } from "../../../src/models/catalog.ts";
import { createCatalog } from "../../../src/models/create-catalog.ts";
import { openStore } from "../../../src/store/store.ts";
import { type CatalogFixture, createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { noQuantizer } from "../../support/no-quantizer.ts";
import { ollamaStore } from "../../support/ollama-store.ts";
import { digestOf, nameOf } from "../../support/store-fixture.ts";

let ours: CatalogFixture;

beforeEach(async () => {
  ours = openCatalog();
  await createTiny(ours, "tiny", { system: "You are tiny." });
  await createTiny(ours, "other", { system: "You are another." });
});

afterEach(() => ours[Symbol.dispose]());

const verify = (signal = new AbortController().signal): Promise<VerifyStatus[]> =>
  Array.fromAsync(ours.catalog.verify({ rebuild: false }, signal));

const SYSTEM = digestOf("You are tiny.");

test("every blob is hashed, once, and noted as verified", async () => {
  ours.clock.advance(1000);
  const lines = await verify();
  expect(lines.filter(({ status }) => status === "verified")).toHaveLength(ours.blobCount());
  expect(lines.at(-1)).toEqual({ status: "done", verified: ours.blobCount(), bad: 0 });
  using db = new Database(join(ours.directory, "llamero.db"), { readonly: true });
  const rows = db.query<{ at: number }, []>("select distinct verified_at at from blobs").all();
  expect(rows).toEqual([{ at: ours.clock.now() }]);
});

test("a blob of other content is moved aside, and only its models are lost", async () => {
  const path = ours.store.blobs.path(SYSTEM);
  writeFileSync(path, "You are TINY.");
  const total = ours.blobCount();
  expect((await verify()).filter(({ status }) => status !== "verified")).toEqual([
    {
      status: "bad",
      digest: SYSTEM,
      reason: "its content has another digest",
      models: ["tiny:latest"],
      quarantined: true,
    },
    { status: "done", verified: total - 1, bad: 1 },
  ]);
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(join(ours.directory, "quarantine", `sha256-${SYSTEM.slice(7)}`), "utf8")).toBe(
    "You are TINY.",
  );
  expect(ours.catalog.resolve(nameOf("tiny"))).toBeUndefined();
  expect(ours.catalog.list().map(({ shortName }) => shortName)).toEqual(["other:latest"]);
});

test("a shared blob: every model that needs it is named", async () => {
  const { weights } = ours.catalog.resolve(nameOf("tiny"))!;
  writeFileSync(weights.path, "short");
  const bad = (await verify()).find(({ status }) => status === "bad");
  expect(bad).toMatchObject({
    reason: "its file has another length",
    models: ["tiny:latest", "other:latest"],
    quarantined: true,
  });
});

test("a missing file has nothing to move", async () => {
  rmSync(ours.store.blobs.path(SYSTEM));
  const bad = (await verify()).find(({ status }) => status === "bad");
  expect(bad).toMatchObject({ reason: "its file is missing", models: ["tiny:latest"], quarantined: false });
  expect(existsSync(join(ours.directory, "quarantine"))).toBe(false);
});

test("what was quarantined stays so over a restart, and a new create heals it", async () => {
  writeFileSync(ours.store.blobs.path(SYSTEM), "You are TINY.");
  await verify();
  using store = openStore({ directory: ours.directory, clock: ours.clock });
  const catalog = createCatalog({
    store,
    checkTemplate: () => undefined,
    goTraits: () => ({ tools: false, insert: false, thinking: false }),
    quantize: noQuantizer,
  });
  expect(catalog.resolve(nameOf("tiny"))).toBeUndefined();
  await createTiny(ours, "tiny", { system: "You are tiny." });
  expect(catalog.resolve(nameOf("tiny"))?.system).toBe("You are tiny.");
  expect((await verify()).at(-1)).toMatchObject({ bad: 0 });
});

test("a file that others have touched but not changed is good, and no longer a change at the next start", async () => {
  const past = new Date(ours.clock.now() - 5_000_000);
  utimesSync(ours.store.blobs.path(SYSTEM), past, past);
  expect((await verify()).at(-1)).toMatchObject({ bad: 0 });
  using db = new Database(join(ours.directory, "llamero.db"), { readonly: true });
  const row = db.query<{ mtime: number }, [string]>("select mtime from blobs where digest = ?").get(SYSTEM);
  expect(row?.mtime).toBe(past.getTime());
});

test("an abort ends it", async () => {
  const reason = new Error("enough");
  await expect(verify(AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(readdirSync(ours.directory)).not.toContain("quarantine");
});

test("a model that is removed meanwhile is passed over", async () => {
  const lines: VerifyStatus[] = [];
  for await (const line of ours.catalog.verify({ rebuild: false }, new AbortController().signal)) {
    if (lines.length === 0) {
      await ours.catalog.remove(nameOf("tiny"));
      await ours.catalog.remove(nameOf("other"));
    }
    lines.push(line);
  }
  expect(lines.at(-1)).toEqual({ status: "done", verified: 1, bad: 0 });
});

test("with rebuild the models are taken up first whose manifests lie beside the blobs, and all are read again", async () => {
  const other = ollamaStore(ours.directory);
  await other.model("registry.ollama.ai/library/found/latest");
  ours.store.enterFacts({ gguf: [], texts: [{ digest: SYSTEM, content: "damaged" }] });
  const lines = ours.catalog.verify({ rebuild: true }, new AbortController().signal);
  const statuses = (await Array.fromAsync(lines)).map(({ status }) => status);
  expect(statuses[0]).toBe("restored");
  expect(statuses.at(-1)).toBe("done");
  expect(ours.catalog.resolve(nameOf("found"))).toBeDefined();
  expect(ours.catalog.resolve(nameOf("tiny"))?.system).toBe("You are tiny.");
});
