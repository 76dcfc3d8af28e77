/**
 * `bun run bench`: everything that is measured of llamero alone, or with `--only NAME` (several, with commas) a part of it.
 * `bun run bench --peer NAME=URL`: beside any other server with Ollama's API, see peer/main.ts.
 */
import { benchDecisions } from "./decisions.ts";
import { benchEngine } from "./engine.ts";
import { benchPeer } from "./peer/main.ts";
import { benchPull } from "./pull.ts";
import { benchRestart } from "./restart.ts";
import { benchDraft, benchLookup } from "./speculation.ts";

const BENCHES: Record<string, () => Promise<void>> = {
  engine: benchEngine,
  pull: benchPull,
  restart: benchRestart,
  lookup: benchLookup,
  draft: benchDraft,
  decisions: () => benchDecisions(optionOf("--model")),
};

function optionOf(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

if (process.argv.includes("--peer") || process.argv.includes("--report")) await benchPeer();
else {
  const chosen = optionOf("--only")?.split(",") ?? Object.keys(BENCHES);
  for (const name of chosen) {
    const bench = BENCHES[name];
    if (bench === undefined)
      throw new Error(`--only takes ${Object.keys(BENCHES).join(", ")}, not ${JSON.stringify(name)}`);
    console.log(`# ${name}`);
    await bench();
  }
}
process.exit();
