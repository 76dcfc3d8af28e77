import { describe, expect, test } from "bun:test";
import { listTable } from "../../../src/cli/list.ts";
import { processorText, psTable } from "../../../src/cli/ps.ts";
import type { ListedModel } from "../../../src/client/index.ts";
import { runningModel } from "../../support/running-model.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const { details } = runningModel("any");

const listed = (name: string, more: Partial<ListedModel> = {}): ListedModel => ({
  name,
  model: name,
  modified_at: "2026-11-24T12:49:00.123456789+01:00",
  size: 1333,
  digest: "2c39a5bd5aae0123456789",
  details,
  ...more,
});

describe("list", () => {
  test("as Ollama prints it", () => {
    expect(listTable([listed("saved1:latest")], "", NOW)).toBe(
      "NAME             ID              SIZE      MODIFIED       \n" +
        "saved1:latest    2c39a5bd5aae    1.3 KB    10 minutes ago    \n",
    );
  });

  test("nothing but the header when empty", () => {
    expect(listTable([], "", NOW)).toBe("NAME    ID    SIZE    MODIFIED \n");
  });

  test("the prefix knows no case, remote models no size", () => {
    const models = [listed("Foo:a"), listed("bar:b"), listed("foo:cloud", { remote_model: "x" })];
    const rows = listTable(models, "fO", NOW).split("\n").slice(1, -1);
    expect(rows.map((row) => row.split(/\s{2,}/).slice(0, 3))).toEqual([
      ["Foo:a", "2c39a5bd5aae", "1.3 KB"],
      ["foo:cloud", "2c39a5bd5aae", "-"],
    ]);
  });
});

describe("ps", () => {
  test("as Ollama prints it", () => {
    expect(psTable([runningModel("m:latest")], "", NOW)).toBe(
      "NAME        ID              SIZE      PROCESSOR    CONTEXT    UNTIL              \n" +
        "m:latest    2c39a5bd5aae    200 MB    100% CPU     4096       4 minutes from now    \n",
    );
  });

  test("prompts that are kept, in a last column, where there are any", () => {
    const cache = { memory: 36_400_000, disk: 0 };
    const table = psTable(
      [runningModel("a", { cache }), runningModel("b", { cache: { ...cache, disk: 1_200_000_000 } })],
      "",
      NOW,
    );
    expect(
      table.split("\n").map((line) =>
        line
          .trim()
          .split(/\s{2,}/)
          .at(-1),
      ),
    ).toEqual(["CACHE", "36 MB", "36 MB + 1.2 GB on disk", ""]);
    expect(psTable([runningModel("a", { cache: { memory: 0, disk: 0 } })], "", NOW)).not.toContain("CACHE");
  });

  test.each([
    ["2026-11-24T11:59:59Z", "Stopping..."],
    ["2318-11-24T12:00:00Z", "Forever"],
  ])("until %s", (expires_at, text) => {
    expect(psTable([runningModel("m", { expires_at })], "M", NOW)).toContain(` ${text} `);
  });

  test.each([
    [100, 0, "100% CPU"],
    [100, 100, "100% GPU"],
    [100, 101, "Unknown"],
    [0, 5, "Unknown"],
    [100, 75, "25%/75% CPU/GPU"],
    [3, 1, "67%/33% CPU/GPU"],
  ])("processor %d %d", (size, vram, text) => {
    expect(processorText(size, vram)).toBe(text);
  });
});
