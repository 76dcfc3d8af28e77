/** The first four bytes of a GGUF, "GGUF", as a little-endian word. */
export const MAGIC = 0x4655_4747;
