import type { Pair } from "./pairs.ts";
import { FEED_FORWARD, HEADS, layers, WIDTH } from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";

const CONTEXT = 512;
const TOKENS = ["<s>", "<pad>", "</s>", "<unk>", "▁", "h", "e", "l", "o", "w", "r", "d", "▁hello", "▁world"];
const [NORMAL, UNKNOWN, CONTROL] = [1, 2, 3];

/**
 * The tables by which a text is normalised: a trie of 256 empty nodes, in which nothing is found, and no replacements. It begins with
 * the trie's length in bytes.
 */
function emptyCharsmap(): Uint8Array {
  const bytes = new Uint8Array(4 + 256 * 4 + 1);
  new DataView(bytes.buffer).setUint32(0, 256 * 4, true);
  return bytes;
}

/** snowflake-arctic-embed2: XLM-RoBERTa, whose published tables are base64, a string for each letter. */
export function arcticEmbed2(random: () => number): Pair {
  const charsmap = emptyCharsmap();
  const native = new TinyModel("bert", random).keys({
    block_count: layers().length,
    context_length: CONTEXT,
    embedding_length: WIDTH,
    feed_forward_length: FEED_FORWARD,
    "attention.head_count": HEADS,
    "attention.layer_norm_epsilon": f32(1e-5),
    "attention.causal": false,
    pooling_type: 2,
    "tokenizer.ggml.model": "t5",
    "tokenizer.ggml.pre": "default",
    "tokenizer.ggml.tokens": TOKENS,
    "tokenizer.ggml.scores": { type: "array", of: "float32", value: TOKENS.map((text) => text.length - 9) },
    "tokenizer.ggml.token_type": TOKENS.map((_, id) => (id === 3 ? UNKNOWN : id < 3 ? CONTROL : NORMAL)),
    "tokenizer.ggml.token_type_count": 1,
    "tokenizer.ggml.bos_token_id": 0,
    "tokenizer.ggml.padding_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
    "tokenizer.ggml.seperator_token_id": 2,
    "tokenizer.ggml.unknown_token_id": 3,
    "tokenizer.ggml.add_space_prefix": true,
    "tokenizer.ggml.precompiled_charsmap": { type: "array", of: "uint8", value: charsmap },
  });
  bertWeights(native);
  const letters = [...Buffer.from(charsmap).toString("base64")];
  const published = native.copy().keys({ "tokenizer.ggml.precompiled_charsmap": letters });
  return { native, published };
}

function bertWeights(model: TinyModel): void {
  const linear = (name: string, from: number, to: number) =>
    model.matrix(`${name}.weight`, [from, to]).matrix(`${name}.bias`, [to]);
  const norm = (name: string) => model.norm(`${name}.weight`, WIDTH).matrix(`${name}.bias`, [WIDTH]);
  model.matrix("token_embd.weight", [WIDTH, TOKENS.length], { scale: 8 });
  model.matrix("position_embd.weight", [WIDTH, CONTEXT], { scale: 2 });
  model.matrix("token_types.weight", [WIDTH]);
  norm("token_embd_norm");
  for (const layer of layers()) {
    const prefix = `blk.${layer}.`;
    for (const name of ["attn_q", "attn_k", "attn_v", "attn_output"]) linear(prefix + name, WIDTH, WIDTH);
    norm(`${prefix}attn_output_norm`);
    linear(`${prefix}ffn_up`, WIDTH, FEED_FORWARD);
    linear(`${prefix}ffn_down`, FEED_FORWARD, WIDTH);
    norm(`${prefix}layer_output_norm`);
  }
}
