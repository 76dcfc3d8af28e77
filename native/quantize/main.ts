/**
 * The quantizing process: `main.ts <library> <cache> <source GGUF> <target GGUF> <llama_ftype>`. Writes the target, prints a line for each
 * tensor on stdout and trouble on stderr, and exits with 0 when the target is complete. A process of its own because llama.cpp
 * ends its own process when it meets a file that it cannot read.
 */
import { cc } from "bun:ffi";
import { join } from "node:path";
import { findBinary, libraryFrom } from "../runner/binary.ts";
import { usableCores } from "../runner/cores.ts";
import { cText, linkTo, ptr } from "../runner/shim.ts";

const [library, cache, source = "", target = "", fileType] = process.argv.slice(2);
const { directory } = findBinary(libraryFrom(library), { cache });
const { symbols } = cc({
  source: join(import.meta.dir, "../shim/quantize.c"),
  ...linkTo(directory),
  symbols: { shim_quantize: { args: ["ptr", "ptr", "i32", "i32"], returns: "i32" } },
});
const failed = symbols.shim_quantize(ptr(cText(source)), ptr(cText(target)), Number(fileType), usableCores());
process.exitCode = failed === 0 ? 0 : 1;
