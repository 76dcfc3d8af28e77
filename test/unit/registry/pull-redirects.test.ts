import { describe, expect, test } from "bun:test";
import { last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";

describe("redirects", () => {
  test.each([307, 200] as const)(
    "with %d: the direct URL is used for all parts, without credentials",
    async (redirect) => {
      await using fixture = await pullFixture({
        redirect,
        authorization: "Bearer token",
        challenge: 'Bearer realm="{realm}",service="s",scope="repository:library/m:pull"',
      });
      fixture.registry.options.redirect = redirect;
      const { weights } = await fixture.publish("m", 3);
      expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
      const direct = fixture.registry.fetches(weights);
      expect(direct.map(({ at }) => at)).toEqual(direct.map(() => "cdn"));
      expect(direct.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    },
  );

  test("to a private address are refused unless that is allowed", async () => {
    await using fixture = await pullFixture(
      {
        fault: ({ url }) =>
          url.includes("/blobs/")
            ? { status: 307, headers: { location: "https://169.254.169.254/latest" } }
            : undefined,
      },
      { session: { fetch: (url, init) => fetch(url.replace("https://127", "http://127"), init) } },
    );
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m", { insecure: false }))).toEqual({
      error: '"169.254.169.254" is in a private network: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    });
  });
});
