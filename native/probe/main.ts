/**
 * The probe: `main.ts <library> <threads> <cache>` prints what the engine is and what it could compute on, as one line of JSON, `{facts}` or `{error}`, and
 * ends. A process of its own because loading the backends ends the one that it happens in where a driver is broken.
 */
import { AppError } from "../../src/lib/errors.ts";
import { findBinary, libraryFrom } from "../runner/binary.ts";
import { threadCount } from "../runner/cores.ts";
import { engineFacts } from "../runner/engine-facts.ts";
import { openEngine } from "../runner/open-engine.ts";

const [library, threads = "0", cache] = process.argv.slice(2);

function probe(): object {
  try {
    const binary = findBinary(libraryFrom(library), { cache });
    return { facts: engineFacts(openEngine(binary), binary, threadCount(Number(threads))) };
  } catch (error) {
    return { error: AppError.from(error).message };
  }
}

process.stdout.write(`${JSON.stringify(probe())}\n`);
