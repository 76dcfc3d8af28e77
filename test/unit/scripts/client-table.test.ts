import { expect, test } from "bun:test";
import {
  affected,
  mergeClients,
  type ProvenClient,
  parseClientTable,
  printClientTable,
} from "../../../scripts/support/client-table.ts";

const openai: ProvenClient = {
  name: "openai",
  registry: "npm",
  version: "7.55.0",
  proven: ["chat", "errors"],
  tests: ["test/e2e/node-openai.test.ts"],
};
const python: ProvenClient = { ...openai, registry: "PyPI", version: "3.51.0", proven: [] };

test("one line for each client, by registry and name, with the features of all its tests", () => {
  const other: ProvenClient = { ...openai, proven: ["tools", "chat"], tests: ["test/e2e/a.test.ts"] };
  expect(mergeClients([python, openai, { ...openai, name: "ai" }, other])).toEqual([
    python,
    { ...openai, name: "ai" },
    { ...openai, proven: ["chat", "tools", "errors"], tests: ["test/e2e/a.test.ts", ...openai.tests] },
  ]);
});

test("two versions of one client are refused", () => {
  const other = { ...openai, version: "7.54.0" };
  expect(() => mergeClients([openai, other])).toThrow("npm openai was proven as 7.55.0 and as 7.54.0");
});

test("the table lines up, and says what went into it", () => {
  const table = printClientTable([openai, python]);
  expect(table).toBe(
    [
      "| Client   | From | Version | Chat | Streaming | Tools | Structured output | Embeddings | Images | Decisions | Errors | Tests                                       |",
      "| -------- | ---- | ------- | ---- | --------- | ----- | ----------------- | ---------- | ------ | --------- | ------ | ------------------------------------------- |",
      "| `openai` | npm  | 7.55.0  | ✓    |           |       |                   |            |        |           | ✓      | [node-openai](test/e2e/node-openai.test.ts) |",
      "| `openai` | PyPI | 3.51.0  |      |           |       |                   |            |        |           |        | [node-openai](test/e2e/node-openai.test.ts) |",
    ].join("\n"),
  );
  expect(parseClientTable(table)).toEqual([openai, python]);
});

test("another table is refused", () => {
  expect(() => parseClientTable("| a | b |\n| - | - |")).toThrow("not the table of clients: a | b");
});

test("the tests that share a line with those asked for run too, and the other lines stay", () => {
  const clients = ["a b", "b c", "d", "e f"].map((tests, at) => ({
    ...openai,
    name: `client-${at}`,
    tests: tests.split(" "),
  }));
  const { files, kept } = affected(["c", "new"], clients);
  expect([...files].sort()).toEqual(["a", "b", "c", "new"]);
  expect(kept.map(({ name }) => name)).toEqual(["client-2", "client-3"]);
});
