import { join } from "node:path";

/** Where ggml tells the CPU which tiles AMX shall have. */
const AMX = "ggml/src/ggml-cpu/amx/mmq.cpp";
const LOAD = "_tile_loadconfig(&tc);";

/**
 * Works around a fault of compilers that people have: GCC before 13 thinks that `_tile_loadconfig` reads 8 bytes, and leaves out the
 * stores of the other 56; the first multiplication with AMX then ends the process. The added line makes it store them all.
 *
 * @param source folder with llama.cpp's sources.
 */
export async function patchSources(source: string): Promise<void> {
  const file = join(source, AMX);
  const text = await Bun.file(file).text();
  await Bun.write(file, text.replace(LOAD, `__asm__ volatile("" : : "r"(&tc) : "memory");\n    ${LOAD}`));
}
