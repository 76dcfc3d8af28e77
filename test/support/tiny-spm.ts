import type { GgufValue } from "../../src/models/gguf/value.ts";
import { rewriteGguf } from "./rewrite-gguf.ts";

const [NORMAL, UNKNOWN, CONTROL, BYTE] = [1, 2, 3, 6];

/** Pieces of texts; what has none is spelled in bytes. As many as the tiny llama's vocabulary has room for. */
const PIECES = ["▁", "a", "▁a", "b", "ab"];

const byteTokens = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);

/** The tiny llama with a vocabulary of SentencePiece's kind, which puts a space in front of a text. */
export async function writeTinySpm(tinyLlama: string, target: string): Promise<void> {
  const tokens = ["<unk>", "<s>", "</s>", ...byteTokens, ...PIECES];
  const types = [UNKNOWN, CONTROL, CONTROL, ...byteTokens.map(() => BYTE), ...PIECES.map(() => NORMAL)];
  const changes: [string, GgufValue][] = [
    ["tokenizer.ggml.model", { type: "string", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", of: "int32", value: types }],
    ["tokenizer.ggml.scores", { type: "array", of: "float32", value: tokens.map((_, id) => id / 1000) }],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: true }],
  ];
  const dropped = ["tokenizer.ggml.pre", "tokenizer.ggml.merges", "tokenizer.chat_template"];
  await rewriteGguf(
    tinyLlama,
    target,
    (old) => new Map([...[...old].filter(([key]) => !dropped.includes(key)), ...changes]),
    [],
  );
}
