/**
 * Preloaded by `bun test` (bunfig.toml): tests see no setting of the machine they run on. LLAMERO_CACHE stays: it
 * only says where test/support keeps downloads.
 */
const KEPT = new Set(["LLAMERO_CACHE"]);

for (const name of Object.keys(process.env)) {
  if (name.startsWith("OLLAMA_") || (name.startsWith("LLAMERO_") && !KEPT.has(name)))
    delete process.env[name];
}
