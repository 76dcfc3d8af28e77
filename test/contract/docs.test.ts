import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const { send } = fakeApp();

describe("GET /swagger", () => {
  test("is a page that needs nothing but this server", async () => {
    const page = await (await send("GET", "/swagger")).text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThanOrEqual(2);
    for (const link of links) {
      expect(link).toStartWith("/swagger/");
      const reply = await send("GET", link);
      expect(reply.status).toBe(200);
      expect((await reply.bytes()).length).toBeGreaterThan(100);
    }
    expect(page).not.toContain("//unpkg");
  });

  test("may load nothing of anybody else, and run nothing that stands in it", async () => {
    const policy = (await send("GET", "/swagger")).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  test("serves nothing but its own assets", async () => {
    for (const name of ["package.json", "..%2f..%2fpackage.json"]) {
      expect((await send("GET", `/swagger/assets/${name}`)).status).toBe(404);
    }
  });
});

test("GET /swagger/json is the document of every route", async () => {
  const document = (await (await send("GET", "/swagger/json")).json()) as { paths: Record<string, object> };
  expect(Object.keys(document.paths).length).toBeGreaterThanOrEqual(13);
  expect(document.paths["/api/chat"]).toHaveProperty("post.requestBody");
});
