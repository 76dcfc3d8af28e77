import { afterEach, describe, expect, mock, spyOn, test } from "bun:test";
import { connect } from "../../../src/cli/connect.ts";
import { parseHost } from "../../../src/config/host.ts";

afterEach(() => mock.restore());

/** The URL and Bun's own settings of a request to a server at `host`. */
async function requestTo(host: string): Promise<{ url: string; proxy: unknown; unix: unknown }> {
  const fetch = spyOn(globalThis, "fetch").mockResolvedValue(Response.json({}));
  await connect({ host: parseHost(host), apiKey: "" }).api.version.get();
  const [url, given] = fetch.mock.calls[0] ?? [];
  const init: BunFetchRequestInit | undefined = given;
  return { url: String(url), proxy: init?.proxy, unix: init?.unix };
}

describe("connect", () => {
  test.each([
    ["127.0.0.1:11434", "http://127.0.0.1:11434/api/version", false],
    ["0.0.0.0:8080", "http://127.0.0.1:8080/api/version", false],
    ["[::]:8080", "http://[::1]:8080/api/version", false],
    ["localhost", "http://localhost:11434/api/version", false],
    ["https://llm.example/x", "https://llm.example:443/x/api/version", undefined],
  ])("%s: a proxy serves other machines only", async (host, url, proxy) => {
    expect(await requestTo(host)).toEqual({ url, proxy, unix: undefined });
  });

  test("a unix socket", async () => {
    const request = await requestTo("unix:///run/llamero.sock");
    expect(request).toEqual({
      url: "http://localhost:80/api/version",
      proxy: false,
      unix: "/run/llamero.sock",
    });
  });
});

test.each([
  ["llamero-key", "Bearer llamero-key"],
  ["", null],
])("the API key %j is sent as %j", async (apiKey, expected) => {
  const fetch = spyOn(globalThis, "fetch").mockResolvedValue(Response.json({}));
  await connect({ host: parseHost("localhost"), apiKey }).api.version.get();
  expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get("authorization")).toBe(expected);
});
