import { describe, expect, test } from "bun:test";
import { type Nearness, peerOf } from "../../../src/http/peer.ts";

const machine = { hostname: "box", addresses: ["203.0.113.7"] };

const nearness = (address: string | undefined, headers: Record<string, string> = {}): Nearness =>
  peerOf(new Headers(headers), address, machine).nearness;

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
    expect(peerOf(new Headers(), address, machine).address).toBe(address);
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
