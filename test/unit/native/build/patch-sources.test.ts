import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patchSources } from "../../../../native/build/patch-sources.ts";
import { applyPatches, takeSources } from "../../../../native/build/sources.ts";

test("the pinned sources are patched as the packages are, and store all of AMX's configuration", async () => {
  const folder = await mkdtemp(join(tmpdir(), "llamero-patch-"));
  try {
    const source = join(folder, "source");
    await takeSources(source, ["src/llama-model-loader.cpp", "ggml/src/ggml-cpu/amx"]);
    await applyPatches(source);
    await patchSources(source);
    expect(await Bun.file(join(source, "ggml/src/ggml-cpu/amx/mmq.cpp")).text()).toContain(
      '__asm__ volatile("" : : "r"(&tc) : "memory");\n    _tile_loadconfig(&tc);\n',
    );
    expect(await Bun.file(join(source, "src/llama-model-loader.cpp")).text()).toContain(
      "n_tensors = gguf_get_n_tensors(metadata);",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
