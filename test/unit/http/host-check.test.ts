import { describe, expect, test } from "bun:test";
import { hostnameOf, isAllowedHost, isLoopbackHost, isNamed } from "../../../src/http/host-check.ts";

/** Of a server that is bound to loopback; beyond it see guard.test.ts. */
const rule = {
  machine: { hostname: "Box", addresses: ["203.0.113.7", "2001:db8::7"] },
  isLoopback: true,
  allowed: [],
};

describe("allowed", () => {
  test.each([
    null,
    "",
    "localhost",
    "localhost:11434",
    "LOCALHOST",
    "box",
    "BOX:80",
    "foo.localhost",
    "foo.local:1",
    "a.b.internal",
    "127.0.0.1:11434",
    "127.9.9.9",
    "[::1]:11434",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1:80",
    "0.0.0.0",
    "[::]:1",
    "[fd00::1]",
    "203.0.113.7:11434",
    "[2001:db8::7]",
  ])("%j", (header) => {
    expect(isAllowedHost(header, rule)).toBe(true);
  });
});

describe("refused", () => {
  test.each([
    "evil.com",
    "evil.com:11434",
    "8.8.8.8",
    "172.32.0.1",
    "[2001:db8::8]",
    "localhost.evil.com",
    "local",
    "127.0.0.1.nip.io",
    "box.evil.com",
    "::g",
  ])("%j", (header) => {
    expect(isAllowedHost(header, rule)).toBe(false);
  });
});

test("port and brackets are no part of the name", () => {
  expect(["a:1", "[::1]:2", "[::1]", "::1", "a", "1.2.3.4:5"].map(hostnameOf)).toEqual([
    "a",
    "::1",
    "::1",
    "::1",
    "a",
    "1.2.3.4",
  ]);
});

test("names and addresses", () => {
  expect(["localhost:1", "foo.local"].map(isNamed)).toEqual([true, true]);
  expect(["127.0.0.1:1", "[::1]", "", null].map(isNamed)).toEqual([false, false, false, false]);
});

test("what counts as bound to loopback", () => {
  expect(["localhost", "127.0.0.1", "127.1.2.3", "::1"].map(isLoopbackHost)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["0.0.0.0", "::", "192.168.1.1", "example.com"].map(isLoopbackHost)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
