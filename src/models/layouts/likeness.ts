import type { GgufHeader } from "../gguf/header.ts";
import { LAYOUTS } from "./table.ts";
import { architectureOf } from "./view.ts";

/** Tensors that llama.cpp keeps out of a text model's file, and Ollama puts in. */
const FOREIGN = ["v.", "mm.", "a.", "s.", "mtp."];

/** Architectures of Ollama's own engine that no llama.cpp has ever had. */
const OLLAMA_ONLY = ["mllama"];

/** Letters that two architectures begin with at least, to be of one family: `qwen35` and `qwen36moe`. */
const LEAST_COMMON = 4;

/**
 * The layout of Ollama's that an unknown file resembles; undefined when nothing in it looks like Ollama's. For files that llama.cpp
 * refuses and for which `translate` has no layout.
 */
export function likenessOf(header: GgufHeader): string | undefined {
  const architecture = architectureOf(header);
  if (OLLAMA_ONLY.includes(architecture)) {
    return `"${architecture}" is an architecture of Ollama's own engine, which llama.cpp does not have`;
  }
  const foreign = FOREIGN.find((prefix) => header.tensors.some(({ name }) => name.startsWith(prefix)));
  const family = nearestLayout(architecture);
  const known = LAYOUTS.some(({ architectures }) => architectures.includes(architecture));
  if (foreign === undefined && (family === undefined || known)) return undefined;
  const like = family === undefined ? "a layout of Ollama's" : `Ollama's layout of ${family}`;
  const why = foreign === undefined ? "" : `, with "${foreign}" tensors in it`;
  return `it looks like ${like}${why}, but is none that llamero knows`;
}

/** The layout whose architecture's name shares the longest beginning with this one. Of equals the last, which is the newest. */
function nearestLayout(architecture: string): string | undefined {
  let nearest: { name: string; common: number } | undefined;
  for (const { name, architectures } of LAYOUTS) {
    const common = Math.max(...architectures.map((other) => commonLength(architecture, other)));
    if (common >= LEAST_COMMON && common >= (nearest?.common ?? 0)) nearest = { name, common };
  }
  return nearest?.name;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
