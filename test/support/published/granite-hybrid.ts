import { attention, base, blockNorms, ends, KV_HEADS, mlp, WIDTH } from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";
import { BPE_SIZE, bpe } from "./tokenizers.ts";

/** Of the recurrent block, which is Mamba 2's; llama.cpp wants it twice as wide as the model. */
const INNER = 2 * WIDTH;
const SSM_HEADS = 8;
const STATE = 16;
const GROUPS = 1;
const KERNEL = 4;
const CONVOLVED = INNER + 2 * GROUPS * STATE;

/** A block of Mamba 2, and one with attention, as in Granite 4 H. Its registry layout is llama.cpp's own. */
export function graniteHybrid(random: () => number): TinyModel {
  const model = base(new TinyModel("granitehybrid", random)).keys({
    "attention.head_count_kv": [0, KV_HEADS],
    "attention.scale": f32(1 / 4),
    "ssm.conv_kernel": KERNEL,
    "ssm.inner_size": INNER,
    "ssm.state_size": STATE,
    "ssm.time_step_rank": SSM_HEADS,
    "ssm.group_count": GROUPS,
    embedding_scale: f32(1),
    residual_scale: f32(1),
    logit_scale: f32(1),
    vocab_size: BPE_SIZE,
  });
  bpe(model, "refact", ["<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>"]);
  ends(model);
  mamba2(model, 0);
  attention(model, 1);
  for (const layer of [0, 1]) mlp(model, layer);
  return model;
}

function mamba2(model: TinyModel, layer: number): void {
  const ssm = `blk.${layer}.ssm_`;
  blockNorms(model, layer, "attn_norm");
  model
    .matrix(`${ssm}in.weight`, [WIDTH, INNER + CONVOLVED + SSM_HEADS])
    .matrix(`${ssm}conv1d.weight`, [KERNEL, CONVOLVED])
    .matrix(`${ssm}conv1d.bias`, [CONVOLVED])
    .matrix(`${ssm}dt.bias`, [SSM_HEADS])
    // How fast each head forgets: between half and nothing a token.
    .tensor(
      `${ssm}a`,
      [1, SSM_HEADS],
      Float32Array.from({ length: SSM_HEADS }, (_, head) => -(head + 1) / SSM_HEADS),
    )
    .norm(`${ssm}d`, 1, SSM_HEADS)
    .norm(`${ssm}norm.weight`, INNER / GROUPS, GROUPS)
    .matrix(`${ssm}out.weight`, [INNER, WIDTH]);
}
