import { expect, test } from "bun:test";
import { openStore } from "../../../src/store/store.ts";
import { nameOf, tempDirectory } from "../../support/store-fixture.ts";

const upper = { host: "Registry.Example.COM", namespace: "Me", model: "SmolLM2", tag: "Q4_K_M" };
const lower = { host: "registry.example.com", namespace: "me", model: "smollm2", tag: "q4_k_m" };

test("an interrupted pull is taken up whatever the case of the name", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const id = store.pulls.begin(upper);
  store.pulls.end(id, "paused");
  expect(store.pulls.begin(lower)).toBe(id);
  expect(store.pulls.list()).toMatchObject([{ id, state: "running" }]);
});

test("a pull that has ended, or another name's, is not taken up", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const done = store.pulls.begin(lower);
  store.pulls.end(done, "done");
  const paused = store.pulls.begin(nameOf("other"));
  store.pulls.end(paused, "paused");
  const fresh = store.pulls.begin(upper);
  expect([done, paused]).not.toContain(fresh);
});
