import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type OpenTemp, openTempFile } from "../../../src/store/blob-files.ts";
import { takeOver } from "../../../src/store/take-over.ts";
import { digestOf, tempDirectory } from "../../support/store-fixture.ts";

/** A directory on another file system than the temporary directory, where hard links to it cannot be made. */
const ELSEWHERE = "/dev/shm";
const canCross = process.platform === "linux" && statSync(ELSEWHERE, { throwIfNoEntry: false }) !== undefined;

const options = (trust = false) => ({ trust, signal: new AbortController().signal });

async function staged(directory: string, path: string, content: string, openTemp: OpenTemp = openTempFile) {
  const source = { root: dirname(path), path, digest: digestOf(content), size: content.length };
  const work = takeOver(directory, source, options(true), openTemp);
  const { value } = await work.next();
  return value;
}

test.if(canCross)("across file systems a file is copied, and hashed on the way", async () => {
  using target = tempDirectory();
  const source = mkdtempSync(join(ELSEWHERE, "llamero-test-"));
  try {
    if (statSync(source).dev === statSync(target.path).dev) return;
    writeFileSync(join(source, "blob"), "content");
    const result = await staged(target.path, join(source, "blob"), "content");
    expect(result).toEqual({ path: expect.any(String), digest: digestOf("content"), size: 7 });
    const [name = ""] = readdirSync(target.path);
    expect(readFileSync(join(target.path, name), "utf8")).toBe("content");
    expect(statSync(join(source, "blob")).nlink).toBe(1);

    const bad = staged(target.path, join(source, "blob"), "CONTENT");
    await expect(bad).rejects.toMatchObject({ status: 400 });
    const fullDisk: OpenTemp = async () => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    };
    const full = staged(target.path, join(source, "blob"), "content", fullDisk);
    await expect(full).rejects.toMatchObject({ kind: "no_space" });
    expect(readdirSync(target.path)).toEqual([name]);
  } finally {
    rmSync(source, { recursive: true });
  }
});

test("on one file system a file is linked, and hashed unless it is trusted", async () => {
  using target = tempDirectory();
  using source = tempDirectory();
  const path = join(source.path, "blob");
  writeFileSync(path, "CONTENT");
  expect(await staged(target.path, path, "content")).toMatchObject({ unverified: true });
  expect(statSync(path).nlink).toBe(2);

  const asked = { root: source.path, path, digest: digestOf("content"), size: 7 };
  await expect(takeOver(target.path, asked, options(), openTempFile).next()).rejects.toMatchObject({
    status: 400,
    message: `blob "${asked.digest}" is corrupt: its content has another digest`,
  });
  expect(statSync(path).nlink).toBe(2);
});
