import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { MEDIA } from "../../../src/store/media-type.ts";
import { openStore } from "../../../src/store/store.ts";
import { chunks, commitTexts, digestOf, nameOf, tempDirectory } from "../../support/store-fixture.ts";

/** Modes of everything below a directory, itself included. */
function modesBelow(directory: string): { files: Set<string>; directories: Set<string> } {
  const found = { files: new Set<string>(), directories: new Set([modeOf(directory)]) };
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const mode = modeOf(join(entry.parentPath, entry.name));
    (entry.isDirectory() ? found.directories : found.files).add(mode);
  }
  return found;
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const PRIVATE = { files: new Set(["600"]), directories: new Set(["700"]) };

test("everything in a store is its owner's alone, while it is open and after", async () => {
  using parent = tempDirectory();
  const directory = join(parent.path, "new/models");
  {
    using store = openStore({ directory });
    await commitTexts(store, nameOf("a"), { [MEDIA.model]: "weights" });
    await store.blobs.put(digestOf("x"), chunks("x"));
    await using _partial = await store.partials.open(digestOf("y"), 10, [{ offset: 0, length: 10 }]);
    await store.blobs.stageFile(
      async (path) => void (await Bun.write(path, "by another program")),
      new AbortController().signal,
    );
    expect(modesBelow(directory)).toEqual(PRIVATE);
    writeFileSync(store.blobs.path(digestOf("x")), "y");
    await Array.fromAsync(store.verify(new AbortController().signal));
    expect(existsSync(join(directory, "quarantine"))).toBe(true);
  }
  const modes = modesBelow(directory);
  expect(modes.directories).toEqual(PRIVATE.directories);
  expect(modeOf(join(parent.path, "new"))).toBe("700");
});

test("a store of an older version becomes so when it is opened, and a mode that somebody chose stays", async () => {
  using parent = tempDirectory();
  const [old, group] = [join(parent.path, "old"), join(parent.path, "group")];
  for (const [directory, mode] of [
    [old, 0o755],
    [group, 0o770],
  ] as const) {
    {
      using store = openStore({ directory });
      await commitTexts(store, nameOf("a"), { [MEDIA.model]: "weights" });
    }
    for (const file of readdirSync(join(directory, "blobs")))
      chmodSync(join(directory, "blobs", file), 0o644);
    chmodSync(join(directory, "llamero.db"), 0o644);
    writeFileSync(join(directory, "llamero.db-wal"), "", { mode: 0o644 });
    for (const one of [directory, join(directory, "blobs")]) chmodSync(one, mode);
    openStore({ directory })[Symbol.dispose]();
  }
  expect(modesBelow(old)).toEqual(PRIVATE);
  expect(modeOf(group)).toBe("770");
  expect(modeOf(join(group, "llamero.db"))).toBe("600");
});

test("a deleted response is in no file of the store any more", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const secret = "a secret that nobody is to read";
  const item = { id: "msg_1", text: secret.repeat(1000) };
  store.responses.keep({ id: "resp_1", body: { text: secret }, input: [item], output: [] });
  const holders = () =>
    readdirSync(directory.path)
      .filter((name) => name.startsWith("llamero.db"))
      .filter((name) => readFileSync(join(directory.path, name)).includes(secret));
  expect(holders()).not.toEqual([]);
  expect(store.responses.remove("resp_1")).toBe(true);
  expect(holders()).toEqual([]);
  using other = new Database(join(directory.path, "llamero.db"));
  expect(other.query("pragma secure_delete").get()).toBeDefined();
});

test.if(process.getuid?.() !== 0)(
  "a directory that can only be read is opened for reading, and says so",
  async () => {
    using directory = tempDirectory();
    {
      using store = openStore({ directory: directory.path });
      await commitTexts(store, nameOf("a"), {});
    }
    mkdirSync(join(directory.path, "blobs"), { recursive: true });
    for (const one of [directory.path, join(directory.path, "blobs")]) chmodSync(one, 0o500);
    try {
      using store = openStore({ directory: directory.path });
      expect(store.isReadOnly).toBe(true);
      expect(store.reads.find(nameOf("a"))).toBeDefined();
      expect(() => store.remove(nameOf("a"))).toThrow(directory.path);
    } finally {
      for (const one of [directory.path, join(directory.path, "blobs")]) chmodSync(one, 0o700);
    }
  },
);
