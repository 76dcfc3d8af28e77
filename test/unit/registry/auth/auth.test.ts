import { describe, expect, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseChallenge } from "../../../../src/registry/auth/challenge.ts";
import { loadKey } from "../../../../src/registry/auth/key-file.ts";
import { createSshKey, parseSshKey } from "../../../../src/registry/auth/ssh-key.ts";
import { readToken, signedBy, tokenUrl } from "../../../../src/registry/auth/token.ts";
import { tempDirectory } from "../../../support/store-fixture.ts";

test.each([
  [
    'Bearer realm="https://r/token",service="s",scope="a b"',
    { scheme: "bearer", realm: "https://r/token", service: "s", scopes: ["a", "b"] },
  ],
  ['bearer  realm = "x"', { scheme: "bearer", realm: "x", service: "", scopes: [] }],
  ['Bearer scope="a,b",realm=y', { scheme: "bearer", realm: "y", service: "", scopes: ["a,b"] }],
  ['Basic realm="x"', { scheme: "basic" }],
  ['Bearer service="s"', undefined],
  ["Negotiate", undefined],
  ["", undefined],
] as const)("parseChallenge(%j)", (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected as ReturnType<typeof parseChallenge>);
});

describe("the key", () => {
  test("is made once, readable by its owner alone, and as OpenSSH writes it", async () => {
    using directory = tempDirectory();
    const home = join(directory.path, "home");
    const [first, second] = [await loadKey(home), await loadKey(home)];
    expect(second.publicKey).toBe(first.publicKey);
    const path = join(home, "id_ed25519");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${path}.pub`, "utf8")).toBe(`ssh-ed25519 ${first.publicKey}\n`);
    const keygen = Bun.which("ssh-keygen");
    if (keygen === null) return;
    const shown = Bun.spawnSync([keygen, "-y", "-f", path]).stdout.toString();
    expect(shown.trim().split(" ")[1]).toBe(first.publicKey);
  });

  test("that is something else is not replaced", async () => {
    using directory = tempDirectory();
    const path = join(directory.path, "id_ed25519");
    writeFileSync(path, "something else");
    chmodSync(path, 0o600);
    expect(loadKey(directory.path)).rejects.toThrow("no unencrypted ed25519 key");
    expect(readFileSync(path, "utf8")).toBe("something else");
  });

  test.each(["", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"])(
    "%j is none",
    (pem) => {
      expect(parseSshKey(pem)).toBeUndefined();
    },
  );

  test("cut short anywhere is none", () => {
    const { pem } = createSshKey();
    const [head = "", ...body] = pem.trim().split("\n");
    const base64 = body.slice(0, -1).join("");
    for (let length = 0; length < base64.length - 40; length += 7) {
      const cut = `${head}\n${base64.slice(0, length)}\n${body.at(-1)}`;
      expect(parseSshKey(cut)).toBeUndefined();
    }
  });
});

describe("a token request", () => {
  const registry = new URL("https://registry.example");
  const at = { seconds: 1_700_000_000, nonce: "AAAA" };
  const challenge = (realm: string) => ({
    scheme: "bearer" as const,
    realm,
    service: "s",
    scopes: ["b", "a"],
  });

  test("has its query sorted, and is signed as a whole", () => {
    const key = createSshKey();
    const url = tokenUrl(challenge("https://registry.example/token"), registry, at);
    expect(url.href).toBe(
      "https://registry.example/token?nonce=AAAA&scope=b&scope=a&service=s&ts=1700000000",
    );
    const [publicKey = "", signature = ""] = signedBy(key, url).split(":");
    expect(publicKey).toBe(key.publicKey);
    const x = Buffer.from(publicKey, "base64").subarray(-32).toString("base64url");
    const text = `GET,${url.href},ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ==`;
    const known = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    expect(verify(null, Buffer.from(text), known, Buffer.from(signature, "base64"))).toBe(true);
  });

  test.each([
    ["https://evil.example/token", 'realm host "evil.example" does not match'],
    ["https://registry.example.evil.example/", "does not match"],
    ["https://registry.example@evil.example/", 'realm host "evil.example"'],
    ["https://registry.example:8443/", 'realm host "registry.example:8443"'],
    ["http://registry.example/token", "is not secure"],
    ["token", "is no URL"],
  ])("to %s is refused", (realm, message) => {
    expect(() => tokenUrl(challenge(realm), registry, at)).toThrow(message);
  });

  test("whose reply has no token", () => {
    expect(readToken({ token: "t" })).toBe("t");
    expect(readToken({ access_token: "t" })).toBe("t");
    for (const reply of [null, {}, [], "t", { token: 1 }, { token: "" }]) {
      expect(() => readToken(reply)).toThrow("has no token");
    }
  });
});
