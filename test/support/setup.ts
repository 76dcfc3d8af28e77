/**
 * Preloaded by `bun test` (bunfig.toml): tests see no setting of the machine they run on. Two stay, which only say
 * where test/support writes: LLAMERO_CACHE, what it downloads, and LLAMERO_CLIENT_RESULTS, what is proven of which client.
 */
const KEPT = new Set(["LLAMERO_CACHE", "LLAMERO_CLIENT_RESULTS"]);

for (const name of Object.keys(process.env)) {
  if (name.startsWith("OLLAMA_") || (name.startsWith("LLAMERO_") && !KEPT.has(name)))
    delete process.env[name];
}
