import { describe, expect, test } from "bun:test";
import { fetchPicture, type PictureSource } from "../../../src/registry/fetch-picture.ts";

const signal = new AbortController().signal;
const PUBLIC = "93.184.216.34";

function source(reply: (url: string) => Response, more: Partial<PictureSource> = {}) {
  const asked: [string, string | undefined][] = [];
  const from: PictureSource = {
    hosts: ["pics.example", "*.cdn.example"],
    lookup: async () => [PUBLIC],
    fetch: async (url, _, address) => {
      asked.push([url, address]);
      return reply(url);
    },
    mostBytes: 100,
    ...more,
  };
  return { asked, from };
}

test("a picture of a listed host, from the address that was checked", async () => {
  const { asked, from } = source(() => new Response("png"));
  expect(Buffer.from(await fetchPicture("https://pics.example/a.png", from, signal)).toString()).toBe("png");
  expect(asked).toEqual([["https://pics.example/a.png", PUBLIC]]);
  expect((await fetchPicture("http://eu.cdn.example/a.png", from, signal)).length).toBe(3);
});

test("redirects are followed, to listed hosts only", async () => {
  const to = (location: string) =>
    source((url) =>
      url.endsWith("/x") ? new Response(null, { status: 302, headers: { location } }) : new Response("ok"),
    );
  expect((await fetchPicture("https://pics.example/x", to("/y").from, signal)).length).toBe(2);
  await expect(
    fetchPicture("https://pics.example/x", to("https://evil.example/y").from, signal),
  ).rejects.toThrow('images from "evil.example" are not allowed');
  await expect(
    fetchPicture("https://pics.example/x", to("https://pics.example/x").from, signal),
  ).rejects.toThrow("redirected too often");
});

describe("refused", () => {
  const ok = () => new Response("x".repeat(200));
  test.each<[string, Partial<PictureSource>, string]>([
    [
      "https://other.example/a.png",
      {},
      'images from "other.example" are not allowed: add it to OLLAMA_IMAGE_URLS on the server',
    ],
    [
      "https://pics.example/a.png",
      { lookup: async () => ["10.0.0.5"] },
      '"pics.example" is in a private network',
    ],
    ["http://127.0.0.1/a.png", { hosts: ["127.0.0.1"] }, '"127.0.0.1" is in a private network'],
    ["http://169.254.169.254/latest", { hosts: ["*"] }, '"169.254.169.254" is in a private network'],
    ["http://[::1]/a.png", { hosts: ["*"] }, '"[::1]" is in a private network'],
    [
      "https://pics.example/a.png",
      { lookup: async () => Promise.reject(new Error("no")) },
      'the image\'s host "pics.example" is not known',
    ],
    ["ftp://pics.example/a.png", {}, "an image's URL is neither http nor https"],
    ["https://", {}, "an image's URL is no URL"],
    ["https://pics.example/a.png", {}, "the image: it is larger than 100 bytes"],
  ])("%s", async (url, more, message) => {
    const { from } = source(ok, more);
    await expect(fetchPicture(url, from, signal)).rejects.toMatchObject({ kind: "bad_request", message });
  });

  test("a status that is no success, and a host that does not answer", async () => {
    await expect(
      fetchPicture("https://pics.example/a", source(() => new Response(null, { status: 404 })).from, signal),
    ).rejects.toThrow("status 404");
    const dead = source(() => {
      throw new Error("ECONNRESET");
    });
    await expect(fetchPicture("https://pics.example/a", dead.from, signal)).rejects.toThrow(
      "the image at pics.example could not be fetched",
    );
  });
});
