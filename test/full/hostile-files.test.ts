/** A real server is given 300 GGUF files with something wrong in them: it says what, or runs them, and lives. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { allMiniLm, tinyLlama } from "../support/models.ts";
import { mutateGguf } from "../support/mutate-gguf.ts";
import { seededRandom } from "../support/random.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";

const MUTATIONS = 300;
const SEED = 20261130;
/** Bounds the whole; one file takes a second at most. */
const LIMIT_MS = 25 * 60_000;
const REQUEST_MS = 60_000;

type Outcome = "refused at create" | "refused at load" | "runs";

async function send(
  server: TestServer,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
) {
  const signal = AbortSignal.timeout(REQUEST_MS);
  const reply = await fetch(`${server.url}${path}`, { method, signal, ...(body !== undefined && { body }) });
  return { status: reply.status, text: await reply.text() };
}

/** No reply may tell of the server's directories or its code. */
function expectDiscreet(text: string): void {
  expect(text).not.toMatch(/\/(tmp|home|root|work|usr)\/|\.ts:\d|at \w+ \(/);
  expect(text).not.toContain("internal server error");
}

/** Uploads, creates, runs and deletes one file. */
async function tryFile(
  server: TestServer,
  bytes: Uint8Array<ArrayBuffer>,
  embeds: boolean,
): Promise<Outcome> {
  const digest = digestOf(bytes);
  const upload = await send(server, "POST", `/api/blobs/${digest}`, bytes);
  expect([200, 201]).toContain(upload.status);
  const request = JSON.stringify({ model: "hostile", files: { "a.gguf": digest }, stream: false });
  const created = await send(server, "POST", "/api/create", request);
  expectDiscreet(created.text);
  if (created.status !== 200) {
    expect([created.status, created.text]).toEqual([400, expect.stringContaining("error")]);
    return "refused at create";
  }
  const options = { num_predict: 2, num_ctx: 128 };
  const run = embeds
    ? await send(server, "POST", "/api/embed", JSON.stringify({ model: "hostile", input: "a", options }))
    : await send(
        server,
        "POST",
        "/api/generate",
        JSON.stringify({ model: "hostile", prompt: "a", stream: false, options }),
      );
  expectDiscreet(run.text);
  expect([200, 400, 500]).toContain(run.status);
  if (run.status !== 200) expect(JSON.parse(run.text).error).not.toBe("");
  await send(server, "POST", "/api/generate", JSON.stringify({ model: "hostile", keep_alive: 0 }));
  expect((await send(server, "DELETE", "/api/delete", JSON.stringify({ model: "hostile" }))).status).toBe(
    200,
  );
  return run.status === 200 ? "runs" : "refused at load";
}

/** The longest that a plain question had to wait, in milliseconds, until `done` is called; for ever, where there was no answer. */
function watchPauses(server: TestServer): { done(): Promise<number> } {
  let over = false;
  const watching = (async () => {
    let longest = 0;
    while (!over) {
      const began = performance.now();
      try {
        await send(server, "GET", "/api/version");
      } catch {
        return Number.POSITIVE_INFINITY;
      }
      longest = Math.max(longest, performance.now() - began);
      await Bun.sleep(10);
    }
    return longest;
  })();
  return {
    done() {
      over = true;
      return watching;
    },
  };
}

test(
  `${MUTATIONS} hostile GGUF files, seed ${SEED}`,
  async () => {
    await using server = await startServer();
    using scratch = tempDirectory();
    const random = seededRandom(SEED);
    const sources = [
      { path: await tinyLlama(), embeds: false },
      { path: await tinyLlama({ fillsMiddle: true }), embeds: false },
      { path: await allMiniLm(), embeds: true },
    ];
    const outcomes: Record<string, number> = {};
    const watch = watchPauses(server);
    for (let index = 0; index < MUTATIONS; index++) {
      const { path, embeds } = sources[index % 8 === 7 ? 2 : index % 2]!;
      const { kind, bytes } = await mutateGguf(path, scratch.path, random);
      const outcome = await tryFile(server, bytes, embeds).catch((error: unknown) => {
        throw new Error(`file ${index}, ${kind}: ${String(error)}`, { cause: error });
      });
      outcomes[`${kind}: ${outcome}`] = (outcomes[`${kind}: ${outcome}`] ?? 0) + 1;
    }
    const longest = await watch.done();
    expect(longest).toBeLessThan(REQUEST_MS);
    expect(existsSync(`/proc/${server.pid}`) || process.platform !== "linux").toBe(true);
    const died = server.stderr().split("unexpectedly stopped").length - 1;
    console.log(
      `${MUTATIONS} files, 1 server: ${JSON.stringify(outcomes, null, 1)}\nrunners that died of one: ${died}; longest wait for /api/version: ${longest.toFixed(0)} ms`,
    );
  },
  LIMIT_MS,
);
