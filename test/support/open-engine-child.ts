/** `open-engine-child.ts <library> <node_modules>`: opens the engine that lies there, and prints how that went. */
import { findBinary, libraryFrom } from "../../native/runner/binary.ts";
import { openEngine } from "../../native/runner/open-engine.ts";

const [library, modules = ""] = process.argv.slice(2);
try {
  const shim = openEngine(findBinary(libraryFrom(library), { modules }));
  console.log(`devices ${shim.shim_device_count()}`);
} catch (error) {
  console.log(String(error));
}
