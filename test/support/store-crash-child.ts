/**
 * A process to be killed: uploads, creates, overwrites and removes models without end, and says what it has begun and what has
 * been answered. Arguments: the store's directory, a prefix for names, and at which of its seams (looking at the clock, which
 * transactions do too, or an operation on a temporary file) it kills itself; 0 for never.
 */
import { open } from "node:fs/promises";
import { systemClock } from "../../src/lib/clock.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { createCatalog } from "../../src/models/create-catalog.ts";
import { openStore } from "../../src/store/store.ts";
import { noQuantizer } from "./no-quantizer.ts";
import { digestOf, nameOf } from "./store-fixture.ts";
import { llamaMetadata, text, tinyGguf } from "./tiny-gguf.ts";

const [directory = "", prefix = "", lastSeam = "0"] = process.argv.slice(2);

let seams = 0;
function seam(): void {
  if (++seams === Number(lastSeam)) process.kill(process.pid, "SIGKILL");
}

const store = openStore({
  directory,
  clock: {
    ...systemClock,
    now() {
      seam();
      return Date.now();
    },
  },
  async openTemp(path) {
    const file = await open(path, "wx");
    seam();
    return {
      async write(chunk) {
        await file.write(chunk);
        seam();
      },
      async sync() {
        await file.sync();
        seam();
      },
      async close() {
        await file.close();
        seam();
      },
    };
  },
});
const catalog = createCatalog({
  store,
  checkTemplate: () => undefined,
  goTraits: () => ({ tools: false, insert: false, thinking: false }),
  quantize: noQuantizer,
});
const say = (line: string) => process.stdout.write(`${line}\n`);

/** In pieces, each announced, so that the killer can strike between any two. */
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 100) {
    say("piece");
    yield bytes.subarray(at, at + 100);
  }
}

async function upload(label: string): Promise<Digest> {
  const bytes = await tinyGguf(llamaMetadata({ "general.name": text(label) }));
  const digest = digestOf(bytes);
  await catalog.putBlob(digest, piecesOf(bytes));
  return digest;
}

async function create(model: string, request: { from?: string; files?: Record<string, Digest> }) {
  say(`begin create ${model}`);
  const full = { name: nameOf(model), ...request, system: `I am ${model}.`, parameters: { seed: 1 } };
  for await (const { status } of catalog.create(full, new AbortController().signal)) say(status.slice(0, 20));
  say(`end create ${model}`);
}

async function remove(model: string) {
  say(`begin remove ${model}`);
  await catalog.remove(nameOf(model));
  say(`end remove ${model}`);
}

say("ready");
for (let round = 0; ; round++) {
  const [first, second] = [`${prefix}-${round}-a`, `${prefix}-${round}-b`];
  await create(first, { files: { "tiny.gguf": await upload(first) } });
  await create(second, { from: first });
  // Overwrites `second` with other weights.
  await create(second, { files: { "tiny.gguf": await upload(second) } });
  if (round % 2 === 0) await remove(first);
}
