import { afterAll, beforeAll } from "bun:test";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of a conversion that nobody aborts. */
export const never = new AbortController().signal;

/** A matrix of the tiny BERT. */
export const QUERY = "encoder.layer.1.attention.self.query.weight";

/** A directory for what a test file's conversions write, there while its tests run, and a file in it. */
export function outputDirectory(): { directory: string; out: string } {
  const directory = join(tmpdir(), `llamero-convert-${crypto.randomUUID()}`);
  beforeAll(() => mkdir(directory, { mode: 0o700 }));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return { directory, out: join(directory, "out.gguf") };
}
