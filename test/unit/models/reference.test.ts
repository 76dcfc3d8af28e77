import { describe, expect, test } from "bun:test";
import { fullName } from "../../../src/models/name.ts";
import { parseModelReference } from "../../../src/models/reference.ts";

const library = (rest: string): string => `registry.ollama.ai/library/${rest}`;

describe("parseModelReference", () => {
  test.each<[string, string | undefined, "cloud" | "local" | undefined]>([
    ["x", library("x:latest"), undefined],
    ["  x:8b\n", library("x:8b"), undefined],
    ["x:cloud", library("x:latest"), "cloud"],
    ["x:Cloud", library("x:latest"), "cloud"],
    ["x:LOCAL", library("x:latest"), "local"],
    ["x:8b:local", library("x:8b"), "local"],
    ["x:8b:cloud", library("x:8b"), "cloud"],
    ["gpt-oss:20b-cloud", library("gpt-oss:20b"), "cloud"],
    ["gpt-oss:20B-Cloud", library("gpt-oss:20B"), "cloud"],
    ["localhost:5000/ns/x:local", "localhost:5000/ns/x:latest", "local"],
    ["localhost:5000/ns/x-cloud", "localhost:5000/ns/x-cloud:latest", undefined],
    ["foo-cloud", library("foo-cloud:latest"), undefined],
    ["foo:clouds", library("foo:clouds"), undefined],
    ["foo:cloud-x", library("foo:cloud-x"), undefined],
    ["", undefined, undefined],
    ["   ", undefined, undefined],
    [":cloud", undefined, "cloud"],
    ["x:-cloud", undefined, "cloud"],
    ["../x:local", undefined, "local"],
    ["x:local:8b", undefined, undefined],
  ])("%j", (text, full, source) => {
    const reference = parseModelReference(text);
    expect(reference.name && fullName(reference.name)).toBe(full);
    expect(reference.source).toBe(source);
    expect(reference.raw).toBe(text.trim());
  });

  test.each(["x:cloud:local", "x:local:cloud", "x:cloud:cloud", "x:8b-cloud:local", "x:8b-cloud:CLOUD"])(
    "refuses two selectors: %s",
    (text) => {
      expect(() => parseModelReference(text)).toThrow(
        expect.objectContaining({ status: 400, message: `use either :local or :cloud, not both: "${text}"` }),
      );
    },
  );
});
