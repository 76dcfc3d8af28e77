import type { GgufHeader } from "../gguf/header.ts";
import type { Layout } from "./layout.ts";
import { LAYOUTS } from "./table.ts";
import type { Translation } from "./translation.ts";
import { architectureOf, headerView } from "./view.ts";

/**
 * A file of Ollama's registry, translated into llama.cpp's layout.
 *
 * @returns undefined when the file has no layout that we know: it is llama.cpp's own, or an unknown one.
 */
export function translate(header: GgufHeader): Translation | undefined {
  const layout = layoutOf(header);
  if (layout === undefined) return undefined;
  const view = headerView(header);
  for (const edit of layout.edits) edit(view);
  return {
    layout: layout.name,
    metadata: view.metadata,
    tensors: [...view.tensors.values()],
    hidden: view.hidden,
  };
}

/** The layout that a file has; undefined as in {@link translate}. */
function layoutOf(header: GgufHeader): Layout | undefined {
  const architecture = architectureOf(header);
  const candidates = LAYOUTS.filter(({ architectures }) => architectures.includes(architecture));
  if (candidates.length === 0) return undefined;
  const view = headerView(header);
  return candidates.find(({ marked }) => marked(view));
}
