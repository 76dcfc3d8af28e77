import { describe, expect, test } from "bun:test";
import { digestOfHex } from "../../src/lib/digest.ts";
import { badRequest } from "../../src/lib/errors.ts";
import { type FakeApp, fakeApp, linesOf } from "../support/fake-app.ts";

const digest = digestOfHex("a".repeat(64));

/** An application whose callers all come from `address`. */
function appFor(address: string): FakeApp {
  const fake = fakeApp();
  Object.assign(fake.app, { server: { requestIP: () => ({ address }), timeout: () => {} } });
  return fake;
}

describe("POST /api/import", () => {
  test("streams a line for each model", async () => {
    const { catalog, send } = appFor("127.0.0.1");
    catalog.importLines = [
      { status: "importing", model: "a:latest", digest, completed: 1, total: 2 },
      { status: "imported", model: "a:latest" },
      { status: "skipped", model: "b:latest", reason: "why" },
      { status: "done", imported: 1, already_there: 0, skipped: 1 },
    ];
    const reply = await send("POST", "/api/import", { path: "/x", trust: true });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    expect(await linesOf(reply)).toEqual(catalog.importLines);
    expect(catalog.imports).toEqual([{ path: "/x", trust: true }]);
  });

  test("without stream: the last line alone", async () => {
    const { send } = appFor("127.0.0.1");
    const reply = await send("POST", "/api/import", { path: "/x", stream: false });
    expect(await reply.json()).toEqual({ status: "done", imported: 0, already_there: 0, skipped: 0 });
  });

  test("from another machine: refused before anything is looked at", async () => {
    const { catalog, send } = appFor("192.168.1.2");
    const reply = await send("POST", "/api/import", { path: "/x" });
    expect([reply.status, await reply.json()]).toEqual([
      403,
      { error: "import reads the server's own files: run it on the server's machine" },
    ]);
    expect(catalog.imports).toEqual([]);
  });

  test("no path, and a field that it does not know", async () => {
    const { send } = appFor("127.0.0.1");
    const none = await send("POST", "/api/import", {});
    expect([none.status, await none.json()]).toEqual([400, { error: "path is required" }]);
    const odd = await send("POST", "/api/import", { path: "/x", force: true });
    expect(odd.headers.get("warning")).toBe('199 - "force ignored: unknown field"');
  });

  test("what cannot begin has a real status", async () => {
    const { catalog, send } = appFor("127.0.0.1");
    catalog.importStore = async function* () {
      yield* [];
      throw badRequest('"/x" is no Ollama store');
    };
    const reply = await send("POST", "/api/import", { path: "/x" });
    expect([reply.status, await reply.json()]).toEqual([400, { error: '"/x" is no Ollama store' }]);
  });
});

describe("POST /api/verify", () => {
  test("streams a line for each blob, to any caller", async () => {
    const { catalog, send } = appFor("192.168.1.2");
    catalog.verifyLines = [
      { status: "verified", digest, size: 1 },
      { status: "bad", digest, reason: "why", models: ["a:latest"], quarantined: true },
      { status: "done", verified: 1, bad: 1 },
    ];
    expect(await linesOf(await send("POST", "/api/verify", {}))).toEqual(catalog.verifyLines);
  });
});
