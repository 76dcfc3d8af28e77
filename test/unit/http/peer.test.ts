import { describe, expect, test } from "bun:test";
import { parseTrustedProxies } from "../../../src/config/lists.ts";
import { type Nearness, peerFinder } from "../../../src/http/peer.ts";

const machine = { hostname: "box", addresses: ["203.0.113.7"] };

const peerOf = peerFinder(machine, []);

const nearness = (address: string | undefined, headers: Record<string, string> = {}): Nearness =>
  peerOf(new Headers(headers), address).nearness;

describe("of a connection", () => {
  test.each<[string, Nearness]>([
    ["127.0.0.1", "loopback"],
    ["127.1.2.3", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["203.0.113.7", "loopback"],
    ["192.168.1.2", "private"],
    ["10.0.0.1", "private"],
    ["172.17.0.2", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["169.254.3.4", "private"],
    ["203.0.113.8", "public"],
    ["172.32.0.1", "public"],
    ["100.64.0.1", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["2001:db8::1", "public"],
  ])("%s is %s", (address, expected) => {
    expect(nearness(address)).toBe(expected);
    expect(peerOf(new Headers(), address).address).toBe(address);
  });

  test("a unix socket's callers are on this machine, and one of whom nothing is known is anywhere", () => {
    expect(nearness("")).toBe("loopback");
    expect(nearness(undefined)).toBe("public");
  });
});

describe("through a proxy", () => {
  test.each<[Record<string, string>, Nearness]>([
    [{ "x-forwarded-for": "127.0.0.1" }, "private"],
    [{ "x-forwarded-for": "192.168.1.9" }, "private"],
    [{ "x-forwarded-for": "127.0.0.1, 8.8.8.8" }, "public"],
    [{ "x-forwarded-for": "8.8.8.8, 10.0.0.1" }, "public"],
    [{ "x-forwarded-for": "10.0.0.9:4711" }, "private"],
    [{ "x-forwarded-for": "[fd00::9]:4711" }, "private"],
    [{ "x-forwarded-for": "unknown" }, "public"],
    [{ "x-real-ip": "8.8.8.8" }, "public"],
    [{ "cf-connecting-ip": "8.8.8.8" }, "public"],
    [{ forwarded: 'for="[2001:db8::1]:1";proto=https' }, "public"],
    [{ forwarded: "for=10.1.2.3, for=127.0.0.1" }, "private"],
    [{ forwarded: "proto=https" }, "public"],
    [{ via: "1.1 squid" }, "public"],
    [{ "x-forwarded-proto": "https" }, "public"],
    [{ "x-forwarded-host": "a" }, "public"],
  ])("on this machine that sends %j: %s", (headers, expected) => {
    expect(nearness("127.0.0.1", headers)).toBe(expected);
    expect(nearness("", headers)).toBe(expected);
  });

  test("what a proxy says never brings a caller nearer", () => {
    expect(nearness("8.8.8.8", { "x-forwarded-for": "127.0.0.1" })).toBe("public");
  });
});

describe("a trusted proxy", () => {
  const find = peerFinder(machine, parseTrustedProxies("127.0.0.1,10.0.0.0/24,unix"));
  const named = (address: string, chain: string) => find(new Headers({ "x-forwarded-for": chain }), address);

  test.each<[string, string, string, Nearness]>([
    ["127.0.0.1", "8.8.8.8", "8.8.8.8", "public"],
    ["::ffff:127.0.0.1", "8.8.8.8", "8.8.8.8", "public"],
    ["127.0.0.1", "192.168.1.9", "192.168.1.9", "private"],
    ["127.0.0.1", "::1", "::1", "loopback"],
    ["", "8.8.8.8", "8.8.8.8", "public"],
    ["10.0.0.7", "[2001:db8::1]:4711", "2001:db8::1", "public"],
    // What the caller himself has put in front is not believed.
    ["127.0.0.1", "127.0.0.1, 8.8.8.8", "8.8.8.8", "public"],
    ["127.0.0.1", "9.9.9.9, 8.8.8.8, 10.0.0.3", "8.8.8.8", "public"],
    ["127.0.0.1", "10.0.0.3", "10.0.0.3", "private"],
    ["127.0.0.1", "unknown", "", "public"],
  ])("at %j that names %j: %j, %s", (address, chain, caller, expected) => {
    expect(named(address, chain)).toEqual({ address: caller, nearness: expected });
  });

  test("is one of the list", () => {
    expect(named("10.0.1.7", "127.0.0.1")).toEqual({ address: "10.0.1.7", nearness: "private" });
    expect(peerFinder(machine, [])(new Headers({ "x-forwarded-for": "8.8.8.8" }), "")).toEqual({
      address: "",
      nearness: "public",
    });
  });

  test("that names nobody is a program of its machine", () => {
    expect(find(new Headers(), "127.0.0.1")).toEqual({ address: "127.0.0.1", nearness: "loopback" });
  });
});

describe("a proxy that says nothing", () => {
  test.each(["llm.example.com", "llm.example.com:443"])("shows by the Host header %s", (host) => {
    expect(nearness("127.0.0.1", { host })).toBe("public");
    expect(nearness("", { host })).toBe("public");
  });

  test.each(["127.0.0.1:11434", "localhost", "box", "box.local", "ollama:11434", "192.168.1.5", ""])(
    "may be a program of this machine with %j",
    (host) => {
      expect(nearness("127.0.0.1", { host })).toBe("loopback");
    },
  );

  test("is not looked for on other machines, which may call this one by a name of their network", () => {
    expect(nearness("192.168.1.2", { host: "llm.example.com" })).toBe("private");
  });
});
