import { expect, test } from "bun:test";
import { createTreaty } from "../../../src/client/treaty.ts";
import type { ListedModel, RunningModel, ShowResponse } from "../../../src/client/types.ts";

const MODEL: ListedModel = {
  name: "m:latest",
  model: "m:latest",
  modified_at: "2026-11-24T12:00:00Z",
  size: 1,
  digest: "0",
  details: {
    parent_model: "",
    format: "gguf",
    family: "llama",
    families: ["llama"],
    parameter_size: "1B",
    quantization_level: "Q4_0",
  },
};

test("Eden speaks to the same routes, and leaves dates as text", async () => {
  const fetcher = Object.assign(async () => Response.json({ models: [MODEL] }), { preconnect: () => {} });
  const { data } = await createTreaty("http://fake", { fetcher }).api.tags.get();
  expect(data?.models[0]?.modified_at).toBe("2026-11-24T12:00:00Z");
});

/** The client's own types against the server's schemas: what the server may send, the client's types must accept. */
test("the types agree (checked by the compiler)", () => {
  type Routes = ReturnType<typeof createTreaty>["api"];
  type Reply<Route extends (...args: never[]) => Promise<{ data: unknown }>> = NonNullable<
    Awaited<ReturnType<Route>>["data"]
  >;
  const listed = (reply: Reply<Routes["tags"]["get"]>): ListedModel[] => reply.models;
  const running = (reply: Reply<Routes["ps"]["get"]>): RunningModel[] => reply.models;
  const shown = (reply: Reply<Routes["show"]["post"]>): ShowResponse => reply;
  expect([listed, running, shown].map((check) => check.length)).toEqual([1, 1, 1]);
});
