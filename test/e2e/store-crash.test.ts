import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createCatalog } from "../../src/models/create-catalog.ts";
import { digestOfFileName } from "../../src/store/blob-files.ts";
import { openStore } from "../../src/store/store.ts";
import { noQuantizer } from "../support/no-quantizer.ts";
import { digestOf, nameOf, tempDirectory } from "../support/store-fixture.ts";

const KILLS = 60;
const CHILD = join(import.meta.dir, "../support/store-crash-child.ts");

/** When a child dies: some time after one of its lines, or by its own hand at a seam. */
type Kill = { line: number; seam?: undefined } | { seam: number; line?: undefined };

interface Promises {
  mustExist: Set<string>;
  mustBeGone: Set<string>;
}

/** Runs a child until it is dead, and notes what it had been promised until then. */
async function runAndKill(directory: string, prefix: string, kill: Kill, promises: Promises): Promise<void> {
  const command = [process.execPath, CHILD, directory, prefix, String(kill.seam ?? 0)];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  let lines = 0;
  let rest = "";
  let blow: Promise<void> | undefined;
  const decoder = new TextDecoder();
  for await (const bytes of child.stdout) {
    const complete = (rest + decoder.decode(bytes)).split("\n");
    rest = complete.pop() ?? "";
    for (const line of complete) note(line, promises);
    lines += complete.length;
    // A few milliseconds more or less, because the child says nothing while it is in a transaction. What it said before it died
    // still arrives, and is read to its end.
    if (kill.line !== undefined && lines > kill.line) {
      blow ??= Bun.sleep(Math.random() * 8).then(() => child.kill("SIGKILL"));
    }
  }
  await blow;
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
}

function note(line: string, { mustExist, mustBeGone }: Promises): void {
  const [when, what, model = ""] = line.split(" ");
  if (when === "end" && what === "create") mustExist.add(model);
  if (when === "begin" && what === "remove") mustExist.delete(model);
  if (when === "end" && what === "remove") mustBeGone.add(model);
}

function rowsOf(directory: string) {
  using db = new Database(join(directory, "llamero.db"));
  expect(db.query("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(db.query("pragma foreign_key_check").all()).toEqual([]);
  const blobs = db.query<{ digest: string; size: number }, []>("select digest, size from blobs").all();
  const manifests = db
    .query<{ json: Uint8Array; layers: number }, []>(
      "select json, (select count(*) from layers l where l.manifest_digest = m.digest) layers from manifests m",
    )
    .all();
  const models = db.query<{ model: string }, []>("select model from models").all();
  return { blobs, manifests, models: models.map(({ model }) => model) };
}

async function checkBlobs(directory: string, blobs: { digest: string; size: number }[]): Promise<void> {
  for (const { digest, size } of blobs) {
    const bytes = await Bun.file(join(directory, "blobs", digest.replace(":", "-"))).bytes();
    expect([digestOf(bytes), bytes.byteLength]).toEqual([digest as never, size]);
  }
}

function checkReopened(directory: string, models: string[]): void {
  using store = openStore({ directory });
  const catalog = createCatalog({
    store,
    checkTemplate: () => undefined,
    goTraits: () => ({ tools: false, insert: false, thinking: false }),
    quantize: noQuantizer,
  });
  expect(catalog.list()).toHaveLength(models.length);
  for (const model of models) {
    expect(catalog.resolve(nameOf(model))).toMatchObject({
      system: `I am ${model}.`,
      parameters: { seed: 1 },
    });
  }
  // The tree of manifests says what the books say.
  expect(store.unlisted().map(({ name }) => name.model)).toEqual([]);
  const temporaries = readdirSync(join(directory, "blobs")).filter((name) => !digestOfFileName(name));
  expect(temporaries).toEqual([]);
}

test(`after any of ${KILLS} kills the store is whole, and has kept its promises`, async () => {
  using directory = tempDirectory();
  const promises: Promises = { mustExist: new Set(), mustBeGone: new Set() };
  for (let kill = 0; kill < KILLS; kill++) {
    const moment = Math.floor(Math.random() * 120);
    const how: Kill = kill % 2 === 0 ? { line: moment } : { seam: moment + 1 };
    await runAndKill(directory.path, `k${kill}`, how, promises);
    const { blobs, manifests, models } = rowsOf(directory.path);
    await checkBlobs(directory.path, blobs);
    for (const { json, layers } of manifests) {
      expect(layers).toBe(1 + JSON.parse(new TextDecoder().decode(json)).layers.length);
    }
    expect([...promises.mustExist].filter((model) => !models.includes(model))).toEqual([]);
    expect(models.filter((model) => promises.mustBeGone.has(model))).toEqual([]);
    checkReopened(directory.path, models);
  }
  expect(promises.mustExist.size).toBeGreaterThan(0);
}, 180_000);
