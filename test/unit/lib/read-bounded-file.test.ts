import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBoundedFile } from "../../../src/lib/read-bounded-file.ts";

test("a file of up to so many bytes is read, a longer one and one without an end are refused", () => {
  const directory = mkdtempSync(join(tmpdir(), "llamero-bounded-"));
  const path = join(directory, "file");
  try {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
    writeFileSync(path, bytes);
    expect(readBoundedFile(path, 200_000).equals(bytes)).toBe(true);
    expect(() => readBoundedFile(path, 199_999)).toThrow(`${path} has more than 199999 bytes`);
    expect(() => readBoundedFile("/dev/zero", 1_000_000)).toThrow("/dev/zero has more than 1000000 bytes");
    expect(() => readBoundedFile(join(directory, "none"), 1)).toThrow("ENOENT");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
