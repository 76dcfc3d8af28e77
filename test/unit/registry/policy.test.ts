import { expect, test } from "bun:test";
import { isPrivateAddress } from "../../../src/registry/address.ts";
import { checkRegistry, checkTarget } from "../../../src/registry/policy.ts";

test.each([
  ["127.0.0.1", true],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["192.168.0.1", true],
  ["169.254.169.254", true],
  ["100.64.0.1", true],
  ["0.0.0.0", true],
  ["255.255.255.255", true],
  ["::1", true],
  ["::", true],
  ["fd00::1", true],
  ["fe80::1", true],
  ["::ffff:10.0.0.1", true],
  ["::ffff:7f00:1", true],
  ["64:ff9b::a00:1", true],
  ["no address", true],
  ["172.32.0.1", false],
  ["8.8.8.8", false],
  ["::ffff:8.8.8.8", false],
  ["2606:4700::1", false],
])("isPrivateAddress(%s) is %p", (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

const policy = (allowed: string[], address = "8.8.8.8") => ({ allowed, lookup: async () => [address] });

test.each([
  [["a.example"], "a.example", true],
  [["a.example"], "A.Example", true],
  [["a.example"], "a.example:5000", false],
  [["a.example"], "b.a.example", false],
  [["*.a.example"], "b.a.example", true],
  [["*.a.example"], "a.example", false],
  [["*.a.example"], "ba.example", false],
  [["*"], "anything", true],
  [[], "a.example", false],
])("with %j the registry %s is allowed: %p", (allowed, host, expected) => {
  const check = () => checkRegistry(policy(allowed), host);
  if (expected) expect(check()).toBeUndefined();
  else expect(check).toThrow(`registry "${host}" is not allowed`);
});

test.each([
  ["https://cdn.example/x", ["*"], "8.8.8.8", false, undefined],
  ["https://cdn.example/x", ["*"], "10.0.0.1", false, "private network"],
  ["https://cdn.example/x", ["*"], "10.0.0.1", true, "private network"],
  ["http://127.0.0.1:12115/x", ["*"], "127.0.0.1", true, "private network"],
  ["http://127.0.0.1:12116/x", ["127.0.0.1:12115"], "127.0.0.1", true, "private network"],
  ["http://0177.0.0.1/x", ["*"], "8.8.8.8", true, "private network"],
  ["http://[::ffff:127.0.0.1]/x", ["*"], "8.8.8.8", true, "private network"],
  ["http://169.254.169.254/latest", ["*"], "8.8.8.8", true, "private network"],
  ["https://cdn.example/x", ["cdn.example"], "10.0.0.1", false, undefined],
  ["https://[::1]/x", ["*"], "8.8.8.8", false, "private network"],
  ["http://cdn.example/x", ["*"], "8.8.8.8", false, "only reached over http"],
  ["http://cdn.example/x", ["*"], "8.8.8.8", true, undefined],
  ["http://127.0.0.1:5000/x", ["127.0.0.1:5000"], "127.0.0.1", false, undefined],
  ["file:///etc/passwd", ["*"], "8.8.8.8", true, "no protocol"],
])("%s with %j at %s, insecure %p: %p", async (url, allowed, address, insecure, message) => {
  const check = checkTarget(policy(allowed, address), new URL(url), insecure);
  if (message === undefined) expect(await check).toBeArray();
  else expect(check).rejects.toThrow(message);
});
