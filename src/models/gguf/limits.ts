/**
 * Caps on the lengths in a GGUF header. Anybody who can push or pull a model writes these headers, and parsers that believed their
 * lengths have been made to allocate and overflow (CVE-2024-25664 to -25668 in ggml, CVE-2024-39720 in Ollama). Each cap
 * is well above the largest published model; besides, every length must fit in the rest of the file.
 */

/** Bytes before the tensor data. Vocabularies with an embedded `tokenizer.json` reach 35 MB. */
export const MOST_HEADER_BYTES = 128 * 2 ** 20;
/** Metadata keys. Published models have fewer than 100. */
export const MOST_KEYS = 4096;
/** Tensors. A mixture of experts that kept three for each of 256 experts in 60 layers would have 46,000. */
export const MOST_TENSORS = 2 ** 17;
/** Bytes of a key; the GGUF specification's own limit. */
export const MOST_KEY_BYTES = 65_535;
/** Bytes of a tensor's name: llama.cpp keeps 64 with the closing NUL (GGML_MAX_NAME). */
export const MOST_NAME_BYTES = 63;
/** Bytes of one string. A chat template has up to 100 KB, an embedded `tokenizer.json` up to 35 MB. */
export const MOST_STRING_BYTES = 64 * 2 ** 20;
/** Elements of one array. The largest vocabularies have 262,144 tokens, their merge lists twice that. */
export const MOST_ELEMENTS = 2 ** 23;
/** Dimensions of a tensor (GGML_MAX_DIMS). */
export const MOST_DIMENSIONS = 4;
/** Bounds of `general.alignment`: a multiple of 8 by the specification; beyond a memory page it only wastes space. */
export const LEAST_ALIGNMENT = 8;
export const MOST_ALIGNMENT = 2 ** 16;
/** `general.alignment` of a file that does not say. */
export const DEFAULT_ALIGNMENT = 32;
