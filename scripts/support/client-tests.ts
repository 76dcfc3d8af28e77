import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** The test files that record what they have proven of a client, as paths in the repository. */
export function clientTests(): string[] {
  const files = [...new Bun.Glob("test/{e2e,full}/**/*.test.ts").scanSync({ cwd: ROOT })].sort();
  return files.filter((file) => /\brecord\w*Client\(/.test(readFileSync(join(ROOT, file), "utf8")));
}
