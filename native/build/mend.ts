import { join } from "node:path";

/** Where ggml tells the CPU which tiles AMX shall have. */
const AMX = "ggml/src/ggml-cpu/amx/mmq.cpp";
const LOAD = "_tile_loadconfig(&tc);";

/**
 * Mends what llama.cpp's sources come to with compilers that people have: GCC before 13 takes `_tile_loadconfig` for a reader of 8 bytes, and
 * leaves out the stores of the other 56; the first multiplication with AMX then ends the process. The added line makes it store them all.
 *
 * @param source folder with llama.cpp's sources.
 */
export async function mendSources(source: string): Promise<void> {
  const file = join(source, AMX);
  const text = await Bun.file(file).text();
  await Bun.write(file, text.replace(LOAD, `__asm__ volatile("" : : "r"(&tc) : "memory");\n    ${LOAD}`));
}
