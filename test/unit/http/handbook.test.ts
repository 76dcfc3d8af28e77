import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileAt, handbookRoute, policyOf } from "../../../src/http/handbook.ts";

const SCRIPT = "document.title = 1";
let folder: string;
let site: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-handbook-"));
  site = join(folder, "site");
  await mkdir(join(site, "behaviour"), { recursive: true });
  await Bun.write(join(folder, "secret.html"), "secret");
  await Bun.write(
    join(site, "index.html"),
    `<script>${SCRIPT}</script><script src="/docs/assets/app.js"></script>`,
  );
  await Bun.write(join(site, "faq.html"), "faq");
  await Bun.write(join(site, "behaviour/cli.html"), "cli");
  await Bun.write(join(site, "assets/app.js"), "1");
});

afterAll(() => rm(folder, { recursive: true }));

const get = (path: string, from = site) => handbookRoute(from).handle(new Request(`http://localhost${path}`));

test.each([
  ["/docs/faq", "faq"],
  ["/docs/faq.html", "faq"],
  ["/docs/behaviour/cli", "cli"],
  ["/docs/assets/app.js", "1"],
])("%s", async (path, text) => {
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([200, text]);
});

test("scripts within a page are allowed by their hash, and no others", async () => {
  const hash = new Bun.CryptoHasher("sha256").update(SCRIPT).digest("base64");
  expect((await get("/docs/")).headers.get("content-security-policy")).toContain(
    `script-src 'self' 'sha256-${hash}';`,
  );
  expect(policyOf("<p>none</p>")).toContain("script-src 'self';");
});

test("what has a digest in its name is kept, a page is asked for again", async () => {
  expect((await get("/docs/assets/app.js")).headers.get("cache-control")).toContain("immutable");
  expect((await get("/docs/faq")).headers.get("cache-control")).toBe("no-cache");
});

test.each([
  "../secret",
  "../secret.html",
  "..%2fsecret.html",
  "behaviour/../../secret.html",
  "/etc/hostname",
  "behaviour",
  "\0",
])("%s is no page", (path) => {
  expect(fileAt(decodeURIComponent(path), site)).toBeUndefined();
});

test("/docs is the first page, and a site that is not built says how it is built", async () => {
  expect((await get("/docs")).status).toBe(200);
  const missing = await get("/docs/", join(folder, "nowhere"));
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining("bun run docs")]);
});
