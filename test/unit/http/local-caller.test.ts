import { describe, expect, test } from "bun:test";
import { parseHost } from "../../../src/config/host.ts";
import { localCaller } from "../../../src/http/local-caller.ts";

interface Call {
  address?: string;
  host?: string;
  headers?: Record<string, string>;
}

function isLocal({ address, host = "127.0.0.1:11434", headers = {} }: Call, listens = "0.0.0.0"): boolean {
  const decide = localCaller({
    host: parseHost(listens),
    machine: { hostname: "box", addresses: ["203.0.113.7"] },
    server: () => ({ requestIP: () => (address === undefined ? null : { address }) }),
  });
  return decide(new Request("http://x/api/import", { headers: { host, ...headers } }));
}

describe("local", () => {
  test.each(["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])("from %s", (address) => {
    expect(isLocal({ address })).toBe(true);
  });

  test.each(["localhost:11434", "box", "203.0.113.7:11434", "[::1]:11434"])("as %s", (host) => {
    expect(isLocal({ address: "127.0.0.1", host })).toBe(true);
  });

  test("over the unix socket, which has no addresses", () => {
    expect(isLocal({ host: "localhost" }, "unix:///run/llamero.sock")).toBe(true);
  });
});

describe("not local", () => {
  test.each(["192.168.1.2", "10.0.0.1", "::ffff:10.0.0.1", "203.0.113.7", "2001:db8::1"])(
    "from %s",
    (address) => {
      expect(isLocal({ address })).toBe(false);
    },
  );

  test("a page of another site whose name has been made to mean this machine", () => {
    expect(isLocal({ address: "127.0.0.1", host: "evil.example:11434" })).toBe(false);
  });

  test.each(["forwarded", "via", "x-forwarded-for", "x-real-ip"])(
    "through a proxy that says so by %s",
    (name) => {
      expect(isLocal({ address: "127.0.0.1", headers: { [name]: "203.0.113.9" } })).toBe(false);
      expect(isLocal({ host: "localhost", headers: { [name]: "x" } }, "unix:///run/llamero.sock")).toBe(
        false,
      );
    },
  );

  test("nobody knows from where", () => {
    expect(isLocal({})).toBe(false);
  });
});
