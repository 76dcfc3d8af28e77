import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJson, requireJson } from "../../../../src/models/convert/folder.ts";
import { openFolder } from "../../../support/open-folder.ts";

let directory: string;
beforeAll(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "llamero-folder-")), "my-model");
  await mkdir(join(directory, "1_Pooling"), { recursive: true });
  await Bun.write(join(directory, "config.json"), '{"a":1}');
  await Bun.write(join(directory, "broken.json"), "{");
  await Bun.write(join(directory, "list.json"), "[]");
  await Bun.write(join(directory, "1_Pooling", "config.json"), "{}");
  await symlink(join(directory, "config.json"), join(directory, "linked.json"));
});
afterAll(() => rm(join(directory, ".."), { recursive: true, force: true }));

test("files by relative path, linked ones too, under the folder's own name", async () => {
  const { name, files } = await openFolder(directory);
  expect(name).toBe("my-model");
  expect([...files.keys()]).toEqual([
    "1_Pooling/config.json",
    "broken.json",
    "config.json",
    "linked.json",
    "list.json",
  ]);
  expect(await files.get("linked.json")?.text()).toBe('{"a":1}');
});

test("JSON objects, or what is wrong with them", async () => {
  const folder = await openFolder(directory);
  expect(await readJson(folder, "config.json")).toEqual({ label: "config.json", fields: { a: 1 } });
  expect(await readJson(folder, "absent.json")).toBeUndefined();
  await expect(requireJson(folder, "absent.json")).rejects.toThrow(
    "absent.json is missing from the model's files",
  );
  await expect(readJson(folder, "broken.json")).rejects.toThrow(/^broken\.json is not valid JSON: /);
  await expect(readJson(folder, "list.json")).rejects.toThrow("list.json is not a JSON object");
});
