import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { fetchFromOne, pinnedFetch } from "../../../src/registry/pinned-fetch.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

const NAME = "registry.example";

test("over http the address is connected to, and the host asked for", async () => {
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => new Response(`${request.headers.get("host")} ${request.headers.get("accept")}`),
  });
  const url = `http://${NAME}:${server.port}/`;
  const response = await pinnedFetch(url, { headers: { accept: "a/b" } }, "127.0.0.1");
  expect(await response.text()).toBe(`${NAME}:${server.port} a/b`);
});

describe.skipIf(Bun.which("openssl") === null)("over https", () => {
  let directory: ReturnType<typeof tempDirectory>;
  let server: Bun.Server<undefined>;
  let ca: string;

  beforeAll(async () => {
    directory = tempDirectory();
    const file = (name: string): string => join(directory.path, name);
    await Bun.write(file("extensions"), `subjectAltName=DNS:${NAME}`);
    openssl("req", "-x509", ...KEY, "-keyout", file("ca.key"), "-out", file("ca.pem"), "-subj", "/CN=ca");
    openssl("req", ...KEY, "-keyout", file("key"), "-out", file("csr"), "-subj", "/CN=leaf");
    const issuer = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"];
    openssl(
      "x509",
      "-req",
      "-in",
      file("csr"),
      ...issuer,
      "-out",
      file("cert"),
      "-extfile",
      file("extensions"),
    );
    ca = await Bun.file(file("ca.pem")).text();
    server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key: Bun.file(file("key")), cert: Bun.file(file("cert")) },
      fetch: (request) => new Response(request.headers.get("host")),
    });
  });

  afterAll(async () => {
    await server?.stop(true);
    directory?.[Symbol.dispose]();
  });

  const get = (host: string, tls: Bun.TLSOptions = { ca }) =>
    pinnedFetch(`https://${host}:${server.port}/`, { tls }, "127.0.0.1");

  test("the certificate must be for the host, whatever the address", async () => {
    expect(await (await get(NAME)).text()).toBe(`${NAME}:${server.port}`);
    await expect(get("other.example")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("and from an authority that is trusted", async () => {
    await expect(get(NAME, {})).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });
});

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

test("an address that cannot be reached gives way to the next, and nothing else does", async () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const other = Object.assign(new Error("other"), { code: "ECONNRESET" });
  const tried: (string | undefined)[] = [];
  const send = (failures: Record<string, Error>) => async (address?: string) => {
    tried.push(address);
    const failure = failures[address ?? ""];
    if (failure !== undefined) throw failure;
    return new Response(address ?? "by name");
  };
  expect(await (await fetchFromOne(["a", "b", "c"], send({ a: refused }))).text()).toBe("b");
  await expect(fetchFromOne(["a", "b"], send({ a: other }))).rejects.toBe(other);
  await expect(fetchFromOne(["a", "b"], send({ a: refused, b: refused }))).rejects.toBe(refused);
  expect(await (await fetchFromOne([], send({}))).text()).toBe("by name");
  expect(tried).toEqual(["a", "b", "a", "a", "b", undefined]);
});

test("a refused connection of Bun's is one that gives way", async () => {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("here") });
  const url = `http://${NAME}:${server.port}/`;
  // Nobody listens on 127.0.0.2.
  const response = await fetchFromOne(["127.0.0.2", "127.0.0.1"], (address) => pinnedFetch(url, {}, address));
  expect(await response.text()).toBe("here");
});
