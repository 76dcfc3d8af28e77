import type { Marker } from "./markers.ts";
import type { Edit } from "./view.ts";

/** A row of the table: one layout of Ollama's registry (its `llama/compat` at llama.cpp b10488), and what llama.cpp has instead. */
export interface Layout {
  readonly name: string;
  /** `general.architecture` of its files. */
  readonly architectures: readonly string[];
  /** Tells its files from llama.cpp's own files of that architecture. Keys are looked up under the file's architecture. */
  readonly marked: Marker;
  /** In this order. Keys are those of the architecture that the view has by then. */
  readonly edits: readonly Edit[];
}
