import { afterEach, beforeEach, expect, mock, spyOn, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMOLLM2 } from "../../../scripts/models.ts";
import { fromRegistry } from "../../../scripts/support/registry-source.ts";

const CONTENT = "GGUF and so on";
const DIGEST = new Bun.CryptoHasher("sha256").update(CONTENT).digest("hex");

let scratch = "";
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "llamero-registry-"));
});
afterEach(async () => {
  mock.restore();
  await rm(scratch, { recursive: true });
});

/** The network answers a manifest that names `digest`, and `content` for every blob. */
function network(digest: string, content = CONTENT): string[] {
  const urls: string[] = [];
  const answer = async (input: string | URL | Request): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    urls.push(new URL(url).pathname);
    if (!url.includes("/manifests/")) return new Response(content);
    const model = { mediaType: "application/vnd.ollama.image.model", digest, size: content.length };
    return Response.json({ layers: [{ mediaType: "application/vnd.ollama.image.template" }, model] });
  };
  spyOn(globalThis, "fetch").mockImplementation(Object.assign(answer, { preconnect: () => {} }));
  return urls;
}

const fetched = () => fromRegistry(SMOLLM2, scratch, new AbortController().signal);

test("takes the model's layer, under the digest that the manifest states", async () => {
  const urls = network(`sha256:${DIGEST}`);
  const { path, sha256 } = await fetched();
  expect(sha256).toBe(DIGEST);
  expect(await readFile(path, "utf8")).toBe(CONTENT);
  expect(urls).toEqual(["/v2/library/smollm2/manifests/135m", `/v2/library/smollm2/blobs/sha256:${DIGEST}`]);
});

test("refuses content with another digest", async () => {
  network(`sha256:${DIGEST}`, `${CONTENT}!`);
  expect(fetched()).rejects.toThrow("the file has another digest than its manifest says");
});

test("refuses a digest that is none", async () => {
  network("sha256:../../etc/passwd");
  expect(fetched()).rejects.toThrow("its manifest names no model");
});

test.each([
  [async () => new Response("gone", { status: 404 }), "status 404"],
  [() => Promise.reject(new TypeError("no network")), "it cannot be reached"],
])("says in a few words what went wrong: %#", async (answer, message) => {
  spyOn(globalThis, "fetch").mockImplementation(Object.assign(answer, { preconnect: () => {} }));
  expect(fetched()).rejects.toThrow(message);
});
