/**
 * Preloaded by `bun test` (bunfig.toml): tests see no setting of the machine they run on. LLAMERO_CACHE and
 * LLAMERO_TEST_GGUF stay: they only say where test/support keeps downloads and which real model to read.
 */
const KEPT = new Set(["LLAMERO_CACHE", "LLAMERO_TEST_GGUF"]);

for (const name of Object.keys(process.env)) {
  if (name.startsWith("OLLAMA_") || (name.startsWith("LLAMERO_") && !KEPT.has(name)))
    delete process.env[name];
}
