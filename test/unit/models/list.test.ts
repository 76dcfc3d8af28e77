import { expect, test } from "bun:test";
import { openStore } from "../../../src/store/store.ts";
import { openCatalog } from "../../support/catalog-fixture.ts";
import { nameOf } from "../../support/store-fixture.ts";
import { tinyGguf } from "../../support/tiny-gguf.ts";

async function withModel() {
  const books = openCatalog();
  const digest = await books.upload(await tinyGguf());
  await books.create("one", { files: { "model.gguf": digest } });
  return books;
}

const namesIn = (models: readonly { shortName: string }[]) => models.map(({ shortName }) => shortName).sort();

test("the list is the same object until the books change", async () => {
  using books = await withModel();
  const before = books.catalog.list();
  expect(books.catalog.list()).toBe(before);
  books.catalog.copy(nameOf("one"), nameOf("two"));
  const after = books.catalog.list();
  expect(namesIn(after)).toEqual(["one:latest", "two:latest"]);
  expect(books.catalog.list()).toBe(after);
  await books.catalog.remove(nameOf("one"));
  expect(namesIn(books.catalog.list())).toEqual(["two:latest"]);
});

test("also when another process changes them", async () => {
  using books = await withModel();
  expect(namesIn(books.catalog.list())).toEqual(["one:latest"]);
  {
    using other = openStore({ directory: books.directory });
    other.copy(nameOf("one"), nameOf("two"));
  }
  expect(namesIn(books.catalog.list())).toEqual(["one:latest", "two:latest"]);
});
