import { expect, test } from "bun:test";
import { treaty } from "@elysiajs/eden";
import { fakeApp } from "../support/fake-app.ts";

/** Compiles only while the routes' types reach the client. */
test("Eden knows paths, bodies and replies", async () => {
  const client = treaty(fakeApp().app);
  const version = await client.api.version.get();
  expect(version.data?.llamero_version satisfies string | undefined).toBe("1.2.3");

  const shown = await client.api.show.post({ model: "test", verbose: false });
  expect(shown.data?.details.family satisfies string | undefined).toBe("llama");

  const missing = await client.api.show.post({ model: "nope" });
  expect([missing.status, missing.error?.value as unknown]).toEqual([
    404,
    { error: "model 'nope:latest' not found" },
  ]);

  // @ts-expect-error a model's name is a text
  const refused = await client.api.show.post({ model: 5 });
  expect(refused.status).toBe(400);
});
