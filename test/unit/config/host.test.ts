import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseHost, printHost, reachableHost } from "../../../src/config/host.ts";

/** Text, the URL it means, and where a client of this machine goes. */
const FORMS: [string, string, string?][] = [
  ["1.2.3.4", "http://1.2.3.4:11434"],
  ["example.com", "http://example.com:11434"],
  ["my_service-1.local:8080", "http://my_service-1.local:8080"],
  ["0.0.0.0", "http://0.0.0.0:11434", "http://127.0.0.1:11434"],
  [":1234", "http://0.0.0.0:1234", "http://127.0.0.1:1234"],
  [":0", "http://0.0.0.0:0", "http://127.0.0.1:0"],
  ["::", "http://[::]:11434", "http://[::1]:11434"],
  ["::1", "http://[::1]:11434"],
  ["[::]", "http://[::]:11434", "http://[::1]:11434"],
  ["[0001:002:003:0004::1]:1337", "http://[0001:002:003:0004::1]:1337"],
  ["http://", "http://127.0.0.1:80"],
  ["http://1.2.3.4", "http://1.2.3.4:80"],
  ["http://1.2.3.4:4321/", "http://1.2.3.4:4321"],
  ["https://1.2.3.4", "https://1.2.3.4:443"],
  ["https://example.com/ollama/", "https://example.com:443/ollama"],
  ["https://example.com:56789/a/b", "https://example.com:56789/a/b"],
  ["https://[::1]:9", "https://[::1]:9"],
  ["example.com/ollama", "http://example.com:11434/ollama"],
  ["ollama.com", "https://ollama.com:443"],
  ["unix:///run/llamero.sock", "unix:///run/llamero.sock"],
];

const REFUSED = [
  "1.2.3.4:66000",
  "1.2.3.4:65536",
  ":-1",
  ":",
  "host:",
  "host:http",
  "host:80:90",
  "1:2:3",
  "[::1",
  "[host]:80",
  "::1]",
  "user@host",
  "two words",
  "ftp://host",
  "tcp:11434x",
  "http://host?x=1",
  "http://host/a b",
  "unix://relative.sock",
  "unix:///",
];

describe("parseHost", () => {
  test.each(FORMS)("%s is %s", (text, url, reachable = url) => {
    expect(printHost(parseHost(text))).toBe(url);
    expect(printHost(reachableHost(parseHost(text)))).toBe(reachable);
  });

  test("takes a URL apart", () => {
    expect(parseHost("https://[fe80::1]:8443/x")).toEqual({
      scheme: "https",
      hostname: "fe80::1",
      port: 8443,
      path: "/x",
    });
    expect(parseHost("unix:///run/x.sock")).toMatchObject({ unix: "/run/x.sock", hostname: "localhost" });
  });

  test.each(REFUSED)("refuses %s", (text) => {
    expect(() => parseHost(text)).toThrow("expected");
  });

  test("what it prints means the same host", () => {
    const name = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(name, fc.nat(65535), fc.constantFrom("", "/a", "/a/b"), (hostname, port, path) => {
        const host = { scheme: "http" as const, hostname, port, path };
        expect(parseHost(printHost(host))).toEqual(host);
      }),
    );
  });
});
