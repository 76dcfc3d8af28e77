import { CString, cc, type Pointer, ptr, toArrayBuffer } from "bun:ffi";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const SYMBOLS = {
  shim_open: { args: ["ptr"], returns: "i32" },
  shim_abi_mismatch: { args: [], returns: "ptr" },
  shim_device_count: { args: [], returns: "i32" },
  shim_device_name: { args: ["i32"], returns: "ptr" },
  shim_device_description: { args: ["i32"], returns: "ptr" },
  shim_device_type: { args: ["i32"], returns: "i32" },
  shim_device_memory: { args: ["i32", "ptr"], returns: "void" },
  shim_system_info: { args: [], returns: "ptr" },
  shim_load_model: { args: ["ptr", "ptr"], returns: "i32" },
  shim_load_scattered: { args: ["ptr", "ptr", "ptr", "ptr", "ptr", "ptr"], returns: "i32" },
  shim_add_adapter: { args: ["ptr"], returns: "i32" },
  shim_open_context: { args: [], returns: "i32" },
  shim_model: { args: [], returns: "ptr" },
  shim_context: { args: [], returns: "ptr" },
  shim_set_batch: { args: ["i32"], returns: "void" },
  shim_branches: { args: [], returns: "i32" },
  shim_loaded: { args: [], returns: "void" },
  shim_last_error: { args: [], returns: "ptr" },
  shim_report: { args: [], returns: "ptr" },
  shim_context_per_slot: { args: [], returns: "i32" },
  shim_model_size: { args: [], returns: "u64" },
  shim_embedding_length: { args: [], returns: "i32" },
  shim_set_threads: { args: ["i32"], returns: "void" },
  shim_vocab_size: { args: [], returns: "i32" },
  shim_bos: { args: [], returns: "i32" },
  shim_eos: { args: [], returns: "i32" },
  shim_sep: { args: [], returns: "i32" },
  shim_fim_prefix: { args: [], returns: "i32" },
  shim_fim_suffix: { args: [], returns: "i32" },
  shim_fim_middle: { args: [], returns: "i32" },
  shim_is_end: { args: ["i32"], returns: "bool" },
  shim_adds_bos: { args: [], returns: "bool" },
  shim_adds_eos: { args: [], returns: "bool" },
  shim_adds_sep: { args: [], returns: "bool" },
  shim_longest_piece: { args: [], returns: "i32" },
  shim_tokenize: { args: ["ptr", "i32", "ptr", "i32", "bool", "bool"], returns: "i32" },
  shim_piece: { args: ["i32", "ptr", "i32", "bool"], returns: "i32" },
  shim_sampler_open: { args: ["i32", "ptr", "u32", "ptr", "ptr", "i32"], returns: "i32" },
  shim_sampler_accept: { args: ["i32", "ptr", "i32"], returns: "void" },
  shim_sampler_close: { args: ["i32"], returns: "void" },
  shim_batch_tokens: { args: [], returns: "ptr" },
  shim_batch_positions: { args: [], returns: "ptr" },
  shim_batch_slots: { args: [], returns: "ptr" },
  shim_batch_outputs: { args: [], returns: "ptr" },
  shim_sample_rows: { args: [], returns: "ptr" },
  shim_sample_slots: { args: [], returns: "ptr" },
  shim_sampled_tokens: { args: [], returns: "ptr" },
  shim_sampled_lengths: { args: [], returns: "ptr" },
  shim_sampled_ends: { args: [], returns: "ptr" },
  shim_sampled_pieces: { args: [], returns: "ptr" },
  shim_decode: { args: ["i32"], returns: "i32" },
  shim_sample: { args: ["i32"], returns: "void" },
  shim_logits: { args: ["i32"], returns: "ptr" },
  shim_forget: { args: ["i32", "i32", "i32"], returns: "bool" },
  shim_copy: { args: ["i32", "i32"], returns: "void" },
  shim_move: { args: ["i32", "i32", "i32", "i32"], returns: "void" },
  shim_can_shift: { args: [], returns: "bool" },
  shim_embed_open: { args: [], returns: "i32" },
  shim_embed_tokens: { args: [], returns: "ptr" },
  shim_embed_positions: { args: [], returns: "ptr" },
  shim_embed_slots: { args: [], returns: "ptr" },
  shim_embed_width: { args: [], returns: "i32" },
  shim_embed: { args: ["i32", "i32", "ptr"], returns: "i32" },
  shim_embed_parts: { args: [], returns: "i32" },
  shim_embed_context: { args: [], returns: "ptr" },
  shim_embed_begin: { args: [], returns: "void" },
  shim_embed_part: { args: ["i32"], returns: "i32" },
  shim_embed_pooled: { args: ["ptr"], returns: "i32" },
  shim_rank_outputs: { args: [], returns: "i32" },
  shim_rank_template: { args: [], returns: "ptr" },
  shim_memory_kind: { args: [], returns: "i32" },
  shim_state_size: { args: ["i32", "bool"], returns: "u64" },
  shim_state_save: { args: ["i32", "ptr", "u64", "bool"], returns: "u64" },
  shim_state_load: { args: ["i32", "ptr", "u64", "bool"], returns: "u64" },
  shim_expect_draft: { args: [], returns: "void" },
  shim_draft_open: { args: ["i32", "i32"], returns: "i32" },
  shim_draft_vocab_size: { args: [], returns: "i32" },
  shim_draft_cut: { args: ["i32"], returns: "bool" },
  shim_draft_feed: { args: ["ptr", "i32"], returns: "i32" },
  shim_draft_guess: { args: ["ptr", "i32", "i32", "f32", "ptr"], returns: "i32" },
  shim_architecture: { args: ["ptr", "i32"], returns: "void" },
} as const;

/** Functions of `native/shim`, in C's own types. Pointers to strings are to NUL-terminated UTF-8. */
export type Shim = ReturnType<typeof compileShim>;

/** A C pointer, as bun:ffi returns it. */
type Address = Pointer | bigint | null;

/** Room for one token's text in `shim_sampled_pieces`; PIECE_CAPACITY in step.c. */
export const PIECE_CAPACITY = 1024;

/** The token that `shim_sample` writes when the grammar allows none; SAMPLE_DEAD_END in sample.c. */
export const DEAD_END = -2;

/** The same when keeping to the grammar took too long; SAMPLE_TOO_SLOW in sample.c. */
export const TOO_SLOW = -3;

/**
 * Compiles the shim against the llama.cpp libraries in `binaries` (about 10 ms; no toolchain needed).
 * @throws Error when the directory holds no llama library.
 */
export function compileShim(binaries: string) {
  const source = join(import.meta.dir, "../shim/shim.c");
  return cc({ source, ...linkTo(binaries), symbols: SYMBOLS }).symbols;
}

/**
 * The libraries and flags with which a C file of `native/shim` is compiled to call the llama.cpp in `binaries`.
 * @throws Error when the directory holds no llama library.
 */
export function linkTo(binaries: string): { library: string[]; flags: string[] } {
  return {
    library: librariesIn(binaries),
    // Without this TCC looks for the C library's development files, which a container or a server does not have; what the shim calls of
    // that library is found in the process.
    flags: ["-nostdlib", `-I${join(import.meta.dir, "../shim")}`, `-L${binaries}`, `-Wl,-rpath,${binaries}`],
  };
}

/**
 * The linker's names for libllama and libggml, which carry a version in their file names (`libllama.v0.5.0.so`, `libllama.cuda.v0.5.0.so`).
 */
function librariesIn(binaries: string): string[] {
  const files = readdirSync(binaries);
  return ["libllama", "libggml", "libggml-base"].map((name) => {
    const file = files.find((entry) => new RegExp(`^${name}\\.(.*\\.)?(so|dylib)$`).test(entry));
    if (file === undefined) throw new Error(`no ${name} in the engine's binaries`);
    return `:${file}`;
  });
}

/** The llama library in `binaries`. */
export const libraryOf = (binaries: string): string => join(binaries, librariesIn(binaries)[0]!.slice(1));

/** NUL-terminated UTF-8 for a C string argument. The caller keeps the result alive during the call. */
export function cText(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

/** A C string that stays where it is, copied. */
export function textAt(address: Address): string {
  return address === null ? "" : new CString(required(address)).toString();
}

const ARCHITECTURE_CAPACITY = 64;

/** `general.architecture` of the loaded model, as llama.cpp knows it. */
export function modelArchitecture(shim: Shim): string {
  const name = new Uint8Array(ARCHITECTURE_CAPACITY);
  shim.shim_architecture(ptr(name), name.length);
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

/** A view (no copy) of `count` 32-bit integers owned by the shim. */
export function int32At(address: Address, count: number): Int32Array {
  return new Int32Array(toArrayBuffer(required(address), 0, count * 4));
}

/** A view (no copy) of `count` bytes owned by the shim. */
export function bytesAt(address: Address, count: number): Uint8Array {
  return new Uint8Array(toArrayBuffer(required(address), 0, count));
}

/** A view (no copy) of `count` floats owned by llama.cpp; valid until the next decode. */
export function float32At(address: Address, count: number): Float32Array {
  return new Float32Array(toArrayBuffer(required(address), 0, count * 4));
}

function required(address: Address): Pointer {
  if (address === null) throw new Error("the shim handed out a null pointer");
  // bun:ffi hands out a bigint for an address that a double cannot hold; user-space addresses always fit one.
  return typeof address === "bigint" ? (Number(address) as Pointer) : address;
}

export { ptr };
