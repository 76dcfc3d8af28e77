import { describe, expect, test } from "bun:test";
import { last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";

describe("authentication", () => {
  test("a signed token request, then the token", async () => {
    await using fixture = await pullFixture({
      authorization: "Bearer token",
      challenge: 'Bearer realm="{realm}",service="s",scope="repository:library/m:pull"',
    });
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    const token = fixture.registry.seen.find(({ url }) => url.startsWith("/token"))!;
    expect(token.url).toMatch(
      /^\/token\?nonce=[\w-]{22}&scope=repository%3Alibrary%2Fm%3Apull&service=s&ts=\d+$/,
    );
    expect(token.authorization).toMatch(/^AAAAC3NzaC1lZDI1NTE5[\w+/=]+:[\w+/]+=*$/);
  });

  test("a token that does not help", async () => {
    await using fixture = await pullFixture({
      authorization: "Bearer another",
      challenge: 'Bearer realm="{realm}"',
    });
    expect(last(await fixture.pull("m"))).toEqual({ error: "unauthorized: access denied" });
  });

  test("another host's realm gets nothing", async () => {
    await using fixture = await pullFixture({
      authorization: "x",
      challenge: 'Bearer realm="https://evil.example/token"',
    });
    expect(last(await fixture.pull("m"))).toEqual({
      error: `realm host "evil.example" does not match original host "${fixture.registry.host}"`,
    });
  });

  test("basic", async () => {
    const authorization = `Basic ${btoa("me:secret")}`;
    await using fixture = await pullFixture({ authorization, challenge: 'Basic realm="x"' });
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m"))).toEqual({ error: "unauthorized: access denied" });
    const credentials = { username: "me", password: "secret" };
    expect(last(await fixture.pull("m", { credentials }))).toEqual(SUCCESS);
  });

  test("a registry that is not allowed is not spoken to", async () => {
    await using fixture = await pullFixture(
      {},
      { session: { policy: { allowed: ["other.example"], lookup: async () => [] } } },
    );
    expect(last(await fixture.pull("m"))).toEqual({
      error: `registry "${fixture.registry.host}" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server`,
    });
    expect(fixture.registry.seen).toEqual([]);
  });
});
