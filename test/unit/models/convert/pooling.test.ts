import { expect, test } from "bun:test";
import { readPooling } from "../../../../src/models/convert/pooling.ts";

const folder = (files: Record<string, string>) => ({
  name: "model",
  files: new Map(Object.entries(files).map(([path, text]) => [path, new Blob([text])])),
});
const pooled = (config: object, path = "1_Pooling/config.json") => ({ [path]: JSON.stringify(config) });
const modules = (path: string) =>
  JSON.stringify([
    { path: "", type: "sentence_transformers.models.Transformer" },
    { path, type: "sentence_transformers.models.Pooling" },
  ]);

test.each([
  [
    "mean, the older switches",
    pooled({ pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }),
    "mean",
  ],
  [
    "cls, the older switches",
    pooled({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }),
    "cls",
  ],
  ["last token", pooled({ pooling_mode_lasttoken: true }), "lasttoken"],
  ["by name", pooled({ pooling_mode: "mean" }), "mean"],
  [
    "a folder that modules.json names",
    { "modules.json": modules("p"), ...pooled({ pooling_mode: "mean" }, "p/config.json") },
    "mean",
  ],
  ["nothing declared", {}, "cls"],
] as const)("%s", async (_, files, pooling) => {
  expect(await readPooling(folder(files))).toBe(pooling);
});

test.each([
  ["maximum", pooled({ pooling_mode_max_tokens: true })],
  ["two modes at once", pooled({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: true })],
  ["no mode", pooled({})],
])("refuses %s", async (_, files) => {
  await expect(readPooling(folder(files))).rejects.toThrow(
    "1_Pooling/config.json: unsupported pooling mode (supported: mean, cls, lasttoken)",
  );
});

test.each(["{}", "nonsense"])("refuses modules.json with %s", async (text) => {
  await expect(readPooling(folder({ "modules.json": text }))).rejects.toThrow(
    "modules.json is not a JSON array",
  );
});
