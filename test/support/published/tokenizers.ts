import type { TinyModel } from "./tiny-model.ts";

const [NORMAL, UNKNOWN, CONTROL, UNUSED, BYTE] = [1, 2, 3, 5, 6];

/** Vocabulary of the models with byte pairs, in tokens. */
export const BPE_SIZE = 300;
/** Vocabulary of the models with SentencePiece, in tokens. */
export const SPM_SIZE = 320;

const MERGES = ["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or"];

/** The 256 letters that byte-level BPE writes bytes with, in the order of the bytes. */
function byteLetters(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : 256 + moved++),
  );
}

/** Letters and what is merged of them: the tokens that texts are made of. */
export const bpeTexts = (): string[] => [...byteLetters(), ...MERGES.map((pair) => pair.replace(" ", ""))];

/** A byte-pair vocabulary. @param specials control tokens: the end of an answer, the beginning of a text, and further ones. */
export function bpe(model: TinyModel, pre: string, specials: string[], kind = "gpt2"): void {
  const texts = bpeTexts();
  const tokens = [...texts, ...specials];
  const types = [...texts.map(() => NORMAL), ...specials.map(() => CONTROL)];
  while (tokens.length < BPE_SIZE) {
    tokens.push(`<|unused${tokens.length}|>`);
    types.push(UNUSED);
  }
  bpeKeys(model, pre, tokens, types, kind);
  model.keys({
    "tokenizer.ggml.eos_token_id": texts.length,
    "tokenizer.ggml.bos_token_id": texts.length + 1,
    "tokenizer.ggml.add_bos_token": false,
  });
}

export function bpeKeys(
  model: TinyModel,
  pre: string,
  tokens: string[],
  types: number[],
  kind = "gpt2",
): void {
  model.keys({
    "tokenizer.ggml.model": kind,
    "tokenizer.ggml.pre": pre,
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": types,
    "tokenizer.ggml.merges": MERGES,
  });
}

/** A SentencePiece vocabulary as Gemma's. @param extra tokens of other media behind it. */
export function spm(model: TinyModel, extra: string[] = []): void {
  const tokens = ["<pad>", "<eos>", "<bos>", "<unk>"];
  const types = [CONTROL, CONTROL, CONTROL, UNKNOWN];
  for (let byte = 0; byte < 256; byte++) {
    tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
    types.push(BYTE);
  }
  for (const piece of ["▁", "he", "ll", "o", "▁w", "or", "ld", "<start_of_turn>", "<end_of_turn>"]) {
    tokens.push(piece);
    types.push(piece.startsWith("<") ? CONTROL : NORMAL);
  }
  while (tokens.length < SPM_SIZE) {
    tokens.push(`<unused${tokens.length}>`);
    types.push(NORMAL);
  }
  tokens.push(...extra);
  types.push(...extra.map(() => CONTROL));
  model.keys({
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.pre": "default",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.scores": { type: "array", of: "float32", value: tokens.map((_, id) => -id) },
    "tokenizer.ggml.token_type": types,
    "tokenizer.ggml.bos_token_id": 2,
    "tokenizer.ggml.eos_token_id": 1,
    "tokenizer.ggml.unknown_token_id": 3,
    "tokenizer.ggml.padding_token_id": 0,
    "tokenizer.ggml.add_bos_token": true,
  });
}
