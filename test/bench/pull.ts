/**
 * How fast a large model is pulled: llamero against `curl` to a file followed by `sha256sum`, from one registry on loopback. They
 * take turns, and what one has written is on the disk before the other's turn. Linux only.
 */
import { join } from "node:path";
import { createClient } from "llamero/client";
import { type FileRegistry, startFileRegistry } from "../support/file-registry.ts";
import { MEMORY_LIMIT, peakMemory, pullToEnd } from "../support/pull-large.ts";
import { startServer } from "../support/server.ts";
import { tempDirectory } from "../support/store-fixture.ts";
import { median } from "./median.ts";

const ROUNDS = 5;
const MEBIBYTES = 2000;
/** The share of the two commands' speed that the project has set itself. */
const WANTED = 0.8;

export async function benchPull(): Promise<void> {
  await using registry = await startFileRegistry(MEBIBYTES);
  await using server = await startServer({ OLLAMA_ALLOWED_REGISTRIES: registry.host });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await rate(registry, () => curlAndHash(registry)));
    ours.push(await rate(registry, () => pullToEnd(server.url, registry.model)));
    await createClient({ host: server.url }).api.delete.delete({ model: registry.model });
  }
  const [pulled, fetched] = [median(ours), median(theirs)];
  const peak = (peakMemory(server.pid) / 1e6).toFixed(0);
  console.log(
    `pull of 2 GB: ${pulled.toFixed(0)} MB/s, curl and sha256sum ${fetched.toFixed(0)} MB/s, ratio ${(pulled / fetched).toFixed(2)} (wanted: at least ${WANTED})`,
  );
  console.log(
    `single rounds: ${ours.map((each, round) => (each / theirs[round]!).toFixed(2)).join(", ")}; ` +
      `server RSS at most ${peak} MB (wanted: below ${MEMORY_LIMIT / 1e6})`,
  );
}

/** Megabytes a second at which `work` gets the registry's model. */
async function rate({ weights }: FileRegistry, work: () => Promise<void>): Promise<number> {
  await run("sync");
  const begin = Bun.nanoseconds();
  await work();
  return (weights.bytes / (Bun.nanoseconds() - begin)) * 1e3;
}

async function curlAndHash({ weights }: FileRegistry): Promise<void> {
  using directory = tempDirectory();
  const file = join(directory.path, "weights");
  await run("curl", "--silent", "--fail", "--output", file, weights.url);
  await run("sha256sum", file);
}

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed`);
}
