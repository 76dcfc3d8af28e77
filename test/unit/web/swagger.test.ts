/** What the Swagger page makes of the real document before it shows it. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { canonicalHash } from "../../../src/web/swagger/deep-link.ts";
import type { OpenApiDocument } from "../../../src/web/swagger/document.ts";
import { type InstalledModel, withInstalledModels } from "../../../src/web/swagger/installed-models.ts";
import { withStreamsExplained } from "../../../src/web/swagger/streams.ts";

const openapi = (await Bun.file(
  join(import.meta.dir, "../../../openapi/openapi.json"),
).json()) as OpenApiDocument;

const operation = (document: OpenApiDocument, method: string, path: string) => {
  const found = document.paths[path]?.[method];
  if (found === undefined) throw new Error(`no ${method} ${path}`);
  return found;
};

/** The values of an operation's examples by their names. */
function examples(document: OpenApiDocument, path: string): Record<string, Record<string, unknown>> {
  const bodies = Object.values(operation(document, "post", path).requestBody?.content ?? {});
  const all = bodies.flatMap((body) => Object.entries(body.examples ?? {}));
  return Object.fromEntries(all.map(([name, { value }]) => [name, value as Record<string, unknown>]));
}

const modelsOf = (document: OpenApiDocument, path: string): unknown[] =>
  Object.values(examples(document, path)).map(({ model }) => model);

describe("examples name models that are installed", () => {
  const chat: InstalledModel = { name: "llama3.2:latest", capabilities: ["completion"] };
  const caller: InstalledModel = { name: "qwen3:4b", capabilities: ["completion", "tools", "thinking"] };
  const embedder: InstalledModel = { name: "nomic-embed-text:latest", capabilities: ["embedding"] };
  const filled = withInstalledModels(openapi, [embedder, chat, caller]);

  test("each the first that can do what its route and its body ask for", () => {
    expect(examples(filled, "/api/chat")).toMatchObject({
      stream: { model: "llama3.2:latest" },
      tools: { model: "qwen3:4b" },
    });
    expect(new Set(modelsOf(filled, "/api/embed"))).toEqual(new Set(["nomic-embed-text:latest"]));
    expect(new Set(modelsOf(filled, "/v1/embeddings"))).toEqual(new Set(["nomic-embed-text:latest"]));
    expect(operation(filled, "get", "/v1/models/{model}").parameters).toMatchObject([
      { name: "model", example: "llama3.2:latest" },
    ]);
  });

  test("no example of the document's own is left on a route that a model of these serves", () => {
    const served = Object.keys(filled.paths).filter((path) => {
      const named = filled.paths[path]?.post === undefined ? [] : modelsOf(filled, path);
      return named.some((model) => model === "smollm2" || model === "qwen3" || model === "all-minilm");
    });
    expect(served).toEqual([]);
  });

  test("an embedding is asked of a model that writes where none embeds", () => {
    expect(new Set(modelsOf(withInstalledModels(openapi, [chat]), "/api/embed"))).toEqual(
      new Set(["llama3.2:latest"]),
    );
  });

  test("the model that an example names is taken where it is there", () => {
    const named = { name: "smollm2:latest", capabilities: ["completion"] };
    expect(modelsOf(withInstalledModels(openapi, [chat, named]), "/api/generate")[0]).toBe("smollm2:latest");
  });

  test("what comes and goes keeps its name, what it is made from is there", () => {
    expect(modelsOf(filled, "/api/pull")).toEqual(modelsOf(openapi, "/api/pull"));
    expect(filled.paths["/api/delete"]).toEqual(openapi.paths["/api/delete"]!);
    expect(examples(filled, "/api/create")).toMatchObject({
      derived: { model: "my-model", from: "llama3.2:latest" },
    });
    expect(Object.values(examples(filled, "/api/copy"))[0]).toMatchObject({ source: "llama3.2:latest" });
  });

  test("what no model can do is said at its operation, and nowhere else", () => {
    expect(operation(filled, "post", "/api/rerank").description).toContain(
      "**No installed model has the capability `rerank`**",
    );
    expect(operation(filled, "post", "/api/chat").description).not.toContain("No installed model");
    expect(operation(withInstalledModels(openapi, [chat]), "post", "/api/chat").description).toContain(
      "capability `tools`",
    );
  });

  test("without any model the page says so once", () => {
    const empty = withInstalledModels(openapi, []);
    expect(empty.info.description).toStartWith("**No model is installed yet**");
    expect(empty.paths).toEqual(openapi.paths);
  });
});

test("every operation that may stream says how, and how to see it", () => {
  const { paths } = withStreamsExplained(openapi);
  const streams = /ndjson|event-stream/;
  for (const [path, operations] of Object.entries(paths)) {
    for (const { description, responses } of Object.values(operations)) {
      const isStream = streams.test(Object.keys(responses["200"]?.content ?? {}).join());
      const says = description?.includes("This page shows a stream when it has ended") ?? false;
      expect([path, says]).toEqual([path, isStream]);
    }
  }
  expect(operation({ ...openapi, paths }, "post", "/v1/messages").description).toContain(
    "server-sent events",
  );
  expect(operation({ ...openapi, paths }, "post", "/api/pull").description).toContain(
    "one JSON object a line",
  );
});

describe("addresses of operations", () => {
  test.each([
    ["#/answer/chat", "#/answer/chat"],
    ["#/answer/postApiChat", "#/answer/chat"],
    ["#chat", "#/answer/chat"],
    ["#/api/chat", "#/answer/chat"],
    ["#/v1/models/%7Bmodel%7D", "#/openai/retrieveModel"],
    ["#/answer", "#/answer"],
    ["#/answer/nothing", "#/answer/nothing"],
    ["#/%", "#/%"],
    ["", ""],
  ])("%s", (hash, expected) => {
    expect(canonicalHash(openapi, hash)).toBe(expected);
  });
});
