import { expect, test } from "bun:test";
import { Waiting } from "../../../../src/cli/run/waiting.ts";
import { fakeCli } from "../../../support/fake-cli.ts";

const loading = (step?: string) => ({ models: [{ name: "eyes:latest", loading: true, loading_step: step }] });

test("what a load does is printed once each, until the answer begins", async () => {
  const steps = ["building vision", "building vision", undefined, "compiled clip.cpp (1 of 5)", "too late"];
  const asked: string[] = [];
  const answered = Promise.withResolvers<void>();
  const cli = fakeCli({
    routes: {
      "GET /api/ps": () => {
        const step = steps[asked.length];
        asked.push(step ?? "");
        if (asked.length === 5) answered.resolve();
        return loading(step);
      },
    },
  });
  const waiting = new Waiting(cli, 1);
  await answered.promise;
  waiting[Symbol.dispose]();
  await Bun.sleep(10);
  expect(cli.err()).toBe("building vision\ncompiled clip.cpp (1 of 5)\n");
  expect(asked).toHaveLength(5);
});

test("a server that cannot be asked is left to the answer", async () => {
  const asked = Promise.withResolvers<void>();
  const cli = fakeCli({
    routes: {
      "GET /api/ps": () => {
        asked.resolve();
        return new Response("no", { status: 500 });
      },
    },
  });
  using _waiting = new Waiting(cli, 1);
  await asked.promise;
  await Bun.sleep(5);
  expect(cli.err()).toBe("");
});
