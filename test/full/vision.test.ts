/** Hostile pictures and projectors, and a runner that dies while it encodes: the server answers on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { colourProjector } from "../support/models.ts";
import { bytesOf, pictureOf } from "../support/pictures.ts";
import { pairFiles } from "../support/published/files.ts";
import { seededRandom } from "../support/random.ts";
import { createModel, type TestServer } from "../support/server.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const PICTURES = 300;
const PROJECTORS = 100;
const KILLS = 12;

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-hostile-"));
  server = await startVisionServer({ OLLAMA_DEBUG: "1" });
  await createEyes(server, "eyes");
}, 600_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  status: number;
  text: string;
}

async function look(model: string, picture: Uint8Array, numPredict = 1): Promise<Outcome> {
  const images = [Buffer.from(picture).toString("base64")];
  const response = await fetch(`${server.url}/api/generate`, {
    method: "POST",
    body: JSON.stringify({
      model,
      prompt: "Repeat this word:[img]",
      raw: true,
      images,
      stream: false,
      options: { num_predict: numPredict, temperature: 0 },
    }),
  });
  return { status: response.status, text: await response.text() };
}

const isAlive = async (): Promise<boolean> => (await fetch(`${server.url}/api/version`)).ok;

const seesRed = async (): Promise<boolean> =>
  (JSON.parse((await look("eyes", await pictureOf("red"), 2)).text) as { response: string }).response
    .trim()
    .startsWith("red");

/** Bytes changed, cut off, taken out or doubled. */
function mutated(bytes: Uint8Array, next: () => number, mostChanged = 12): Uint8Array {
  const at = (limit: number) => Math.floor(next() * limit);
  const copy = Uint8Array.from(bytes);
  const kind = at(4);
  if (kind === 0) return copy.subarray(0, at(copy.length));
  if (kind === 1) {
    const cut = at(copy.length);
    return Uint8Array.from([...copy.subarray(0, cut), ...copy.subarray(cut + 1 + at(64))]);
  }
  if (kind === 2) {
    const from = at(copy.length);
    return Uint8Array.from([...copy, ...copy.subarray(from, from + at(256))]);
  }
  for (let i = 0; i <= at(mostChanged); i++) copy[at(copy.length)] = at(256);
  return copy;
}

test(`${PICTURES} mutated pictures: each is seen or refused, and the runner lives through them all`, async () => {
  const source = sharp(await pictureOf("orange", 96));
  const seeds = await Promise.all([
    bytesOf(source.clone().png()),
    bytesOf(source.clone().jpeg()),
    bytesOf(source.clone().webp()),
    bytesOf(source.clone().gif()),
    bytesOf(source.clone().avif()),
  ]);
  const next = seededRandom(15);
  const outcomes = new Map<number, number>();
  for (let i = 0; i < PICTURES; i++) {
    const { status, text } = await look("eyes", mutated(seeds[i % seeds.length]!, next));
    expect([200, 400], text).toContain(status);
    outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
  }
  expect((outcomes.get(200) ?? 0) > 0 && (outcomes.get(400) ?? 0) > PICTURES / 4).toBe(true);
  expect(server.stderr()).not.toContain("has unexpectedly stopped");
  expect(await seesRed()).toBe(true);
}, 600_000);

test(`${PROJECTORS} mutated projectors: each loads or is refused, and the server answers on`, async () => {
  const projector = await Bun.file(await colourProjector()).bytes();
  const picture = await pictureOf("blue");
  const next = seededRandom(16);
  for (let i = 0; i < PROJECTORS; i++) {
    const path = join(folder, `${i}.gguf`);
    // What llama.cpp reads of a file is its header; most of the bytes are numbers.
    const head = i % 2 === 0 ? projector.length : 4096;
    const hostile = Buffer.concat([mutated(projector.subarray(0, head), next), projector.subarray(head)]);
    await Bun.write(path, hostile);
    const created = await createEyes(server, "hostile", path).then(
      () => true,
      () => false,
    );
    if (created) expect([200, 400, 500]).toContain((await look("hostile", picture)).status);
    expect(await isAlive()).toBe(true);
    await rm(path);
  }
  expect(await seesRed()).toBe(true);
}, 900_000);

describe("a runner that is killed", () => {
  const runnerOf = (): number | undefined => {
    const pids = [...server.stderr().matchAll(/runner=(\d+)/g)].map(([, pid]) => Number(pid));
    return pids.at(-1);
  };

  test("while it encodes: the request is told, and the next one answered", async () => {
    // Its encoder makes a thousand cells of every picture.
    await createModel(server, "slow", (await pairFiles("qwen25vl")).published, { template: "{{ .Prompt }}" });
    const next = seededRandom(17);
    for (let i = 0; i < KILLS; i++) {
      // Another picture each time: none is kept encoded.
      const picture = await pictureOf("green", 200 + i);
      const pending = look("slow", picture);
      await Bun.sleep(next() * 400);
      const pid = runnerOf();
      if (pid !== undefined) {
        try {
          process.kill(pid, "SIGKILL");
        } catch (error) {
          // It had ended by itself.
          expect(String(error)).toContain("ESRCH");
        }
      }
      const { status, text } = await pending;
      expect([200, 500], text).toContain(status);
      expect((await look("slow", picture)).status).toBe(200);
    }
    expect(await seesRed()).toBe(true);
  }, 600_000);
});
