import { expect, test } from "bun:test";
import { parseConfig, renderConfig } from "../../../src/models/config-json.ts";
import { digestOf } from "../../support/store-fixture.ts";

const least = { format: "gguf", family: "test", families: ["test"], parameterSize: "0", fileType: "unknown" };

test("a config has the digest that Ollama's has", () => {
  const digest = digestOf(renderConfig(least));
  expect(digest).toStartWith("sha256:99759ad5");
  expect(digest).toEndWith("c8c");
});

test("optional keys stand where Ollama puts them, and come back", () => {
  const config = {
    ...least,
    renderer: "r",
    parser: "p",
    requires: "0.14.0",
    remoteHost: "https://ollama.com:443",
    remoteModel: "m",
    capabilities: ["tools"],
    contextLength: 4096,
    embeddingLength: 64,
    baseName: "b",
    draft: { model_format: "gguf", architecture: "dflash" },
  };
  const json = renderConfig(config);
  expect(Object.keys(JSON.parse(json))).toEqual([
    "model_format",
    "model_family",
    "model_families",
    "model_type",
    "file_type",
    "renderer",
    "parser",
    "requires",
    "remote_host",
    "remote_model",
    "capabilities",
    "context_length",
    "embedding_length",
    "base_name",
    "draft",
    "architecture",
    "os",
  ]);
  expect(parseConfig(json)).toEqual(config);
});

test("a config of unexpected types is as good as none", () => {
  const empty = { format: "", family: "", families: null, parameterSize: "", fileType: "" };
  expect(parseConfig('{"model_family":1,"model_families":"x","context_length":"4096"}')).toEqual(empty);
  expect(parseConfig("not JSON")).toEqual(empty);
});
