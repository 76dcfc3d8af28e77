import { expect, test } from "bun:test";
import { withoutPaths } from "../../../src/lib/without-paths.ts";

test.each([
  ["failed to open /root/.llamero/models/blobs/sha256-ab", "failed to open sha256-ab"],
  ["cannot read '/a/b/c.gguf': no such file", "cannot read 'c.gguf': no such file"],
  ["/usr/src/ggml.c:123: GGML_ASSERT(x) failed", "ggml.c:123: GGML_ASSERT(x) failed"],
  ["open C:\\Users\\me\\model.gguf failed", "open model.gguf failed"],
  ["5 tokens/second and a/b ratios", "5 tokens/second and a/b ratios"],
  ["see https://example.com/help/page", "see https://example.com/help/page"],
  ["nothing here", "nothing here"],
])("%s", (text, expected) => {
  expect(withoutPaths(text)).toBe(expected);
});
