import type { GgufMetadata } from "../gguf/value.ts";

/** A stretch of the file. */
export interface Extent {
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** A tensor whose bytes are those of its extents, one after the other. */
export interface PlacedTensor {
  readonly name: string;
  /** GGML type name, e.g. `Q8_0`. */
  readonly type: string;
  /** Innermost dimension first, as GGUF stores it. */
  readonly shape: readonly number[];
  readonly extents: readonly Extent[];
}

/** A published file, described in llama.cpp's layout. */
export interface Translation {
  /** Which layout the file has, e.g. `gptoss`. */
  readonly layout: string;
  readonly metadata: GgufMetadata;
  /** Tensors of the text model, named as llama.cpp names them. */
  readonly tensors: readonly PlacedTensor[];
  /** Tensors that llama.cpp's text model does not have (encoders of images and sound, heads that draft), named as in the file. */
  readonly hidden: readonly PlacedTensor[];
}
