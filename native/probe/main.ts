/**
 * The probe: `main.ts <library> <threads> <cache> [compute]` prints what the engine is and what it could compute on, as one line of JSON,
 * `{facts}` or `{error}`, and ends. With `compute` it has every device compute something first. A process of its own because loading the
 * backends ends the one that it happens in where a driver is broken.
 */
import { AppError } from "../../src/lib/errors.ts";
import { findBinary, libraryFrom } from "../runner/binary.ts";
import { threadCount } from "../runner/cores.ts";
import { engineFacts } from "../runner/engine-facts.ts";
import { openEngine } from "../runner/open-engine.ts";
import { checkProducts } from "./compute.ts";

const [library, threads = "0", cache, more] = process.argv.slice(2);

function probe(): object {
  try {
    const binary = findBinary(libraryFrom(library), { cache });
    const shim = openEngine(binary);
    if (more === "compute") checkProducts(shim, binary);
    return { facts: engineFacts(shim, binary, threadCount(Number(threads))) };
  } catch (error) {
    return { error: AppError.from(error).message };
  }
}

process.stdout.write(`${JSON.stringify(probe())}\n`);
