/** A real server is called over a wire, from a private address and from one of the internet. Needs root, for the wire. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { canHaveNeighbour, type Neighbour, neighbour } from "../support/neighbours.ts";
import { freePort, startServer, type TestServer } from "../support/server.ts";

let wire: Neighbour;

beforeAll(() => {
  if (canHaveNeighbour) wire = neighbour();
});

afterAll(() => wire?.[Symbol.dispose]());

/** A server that listens on every address. */
const startOpen = async (port: number, env: Record<string, string> = {}): Promise<TestServer> =>
  startServer({ OLLAMA_HOST: `0.0.0.0:${port}`, ...env }, port);

const MANAGE = [
  ["DELETE", "/api/delete", { model: "x" }],
  ["POST", "/api/copy", { source: "x", destination: "y" }],
  ["POST", "/api/pull", { model: "evil.example/x", stream: false }],
  ["POST", "/api/create", { model: "x", from: "y", stream: false }],
  ["POST", "/api/prune", { dry_run: false }],
  ["POST", "/api/verify", { stream: false }],
] as const;

describe.skipIf(!canHaveNeighbour)("over a wire (skipped where the tests may not make one)", () => {
  test("a private address may change the models, one of the internet may not", async () => {
    await using server = await startOpen(freePort());
    for (const [method, path, body] of MANAGE) {
      const near = wire.request(method, `http://${wire.here.private}:${server.port}${path}`, { body });
      const far = wire.request(method, `http://${wire.here.public}:${server.port}${path}`, { body });
      expect([path, near.text.includes("OLLAMA_OPEN"), near.status > 0]).toEqual([path, false, true]);
      expect([path, far.status, far.text]).toEqual([path, 403, expect.stringContaining("OLLAMA_OPEN=1")]);
    }
    for (const address of Object.values(wire.here)) {
      const url = `http://${address}:${server.port}`;
      expect(wire.request("GET", `${url}/api/tags`).status).toBe(200);
      expect(wire.request("POST", `${url}/api/import`, { body: { path: "/tmp" } }).status).toBe(403);
    }
    expect(server.stderr()).toContain("asks for no key");
  }, 60_000);

  test("a container's name passes as Host, a site's does not, unless it is allowed", async () => {
    await using server = await startOpen(freePort(), { OLLAMA_ALLOWED_HOSTS: "llm.example.com" });
    const ask = (host: string) =>
      wire.request("GET", `http://${wire.here.private}:${server.port}/api/tags`, { host }).status;
    expect(["ollama:11434", "llm.example.com", "evil.com", "10.0.0.1.nip.io"].map(ask)).toEqual([
      200, 200, 403, 403,
    ]);
  }, 60_000);

  test("OLLAMA_OPEN opens the models to everybody, and no files", async () => {
    await using server = await startOpen(freePort(), { OLLAMA_OPEN: "1" });
    const url = `http://${wire.here.public}:${server.port}`;
    expect(wire.request("DELETE", `${url}/api/delete`, { body: { model: "x" } }).status).toBe(404);
    expect(wire.request("POST", `${url}/api/import`, { body: { path: "/tmp" } }).status).toBe(403);
  }, 60_000);
});
