import { encodeFloats } from "../../src/models/convert/dtype.ts";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufMetadata, GgufValue } from "../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../src/models/gguf/write.ts";
import { tensor } from "./gguf-tensor.ts";

/**
 * A model that does what it is told to: it calls a tool once, and then has its say. With SmolLM2's tokenizer its prompts are as long
 * as those of real models, and it evaluates thousands of tokens in a second.
 *
 * It is a bigram in closed form. Attention and feed-forward are zero, so what follows a token is decided by that token alone: each
 * reply is one token of the vocabulary, and the token that the generation prompt ends with decides which of them comes.
 */
export interface Script {
  /** The first reply where the request has tools and none has answered yet. */
  call?: { name: string; arguments: Record<string, unknown> };
  /** Every other reply. */
  say: string;
}

const WIDTH = 32;
const HEAD = 16;
const FEED_FORWARD = 32;
/** High enough for one token to have all the probability. */
const CERTAIN = 20;

/** Directions of the embedding: what a token leads to. */
const LEADS_TO = { end: 0, call: 1, say: 2 } as const;

/** A control token: the generation prompt ends with it where the model is to have its say. */
const SAY = "<|say|>";

const TEMPLATE = `{%- set state = namespace(answered=false) -%}
{%- for message in messages -%}{%- if message.role == 'tool' -%}{%- set state.answered = true -%}{%- endif -%}{%- endfor -%}
{%- if tools -%}<|im_start|>system
<tools>
{% for tool in tools %}{{ tool | tojson }}
{% endfor %}</tools>
Call a function within <tool_call></tool_call>.<|im_end|>
{% endif -%}
{%- for message in messages -%}<|im_start|>{{ message.role }}
{{ message.content or '' }}{% for call in message.tool_calls or [] %}<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>{% endfor %}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}<|im_start|>assistant
{% if state.answered or not tools %}${SAY}{% endif %}{%- endif -%}`;

const callText = ({ name, arguments: values }: NonNullable<Script["call"]>): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`;

/** @param smollm2 the model whose tokenizer it has. */
export async function writeScriptedModel(smollm2: string, target: string, script: Script): Promise<void> {
  const { metadata } = await readGgufHeader(smollm2);
  const known = [...stringsOf(metadata, "tokenizer.ggml.tokens")];
  const replies = [script.call ? callText(script.call) : script.say, script.say].map(byteSymbols);
  // The two must differ where there is no call, since a vocabulary names no token twice.
  if (replies[0] === replies[1]) replies[0] += byteSymbols(" ");
  const tokens = [...known, SAY, ...replies];
  const types = [...numbersOf(metadata, "tokenizer.ggml.token_type"), 3, 1, 1];
  const tokenizer = [...metadata].filter(([key]) => key.startsWith("tokenizer."));
  await writeGguf(
    target,
    new Map<string, GgufValue>([
      ...architecture(tokens.length),
      ...tokenizer,
      ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
      ["tokenizer.ggml.token_type", { type: "array", of: "int32", value: types }],
      ["tokenizer.chat_template", { type: "string", value: TEMPLATE }],
    ]),
    weights(tokens),
    new AbortController().signal,
  );
}

function stringsOf(metadata: GgufMetadata, key: string): Iterable<string> {
  const found = metadata.get(key);
  if (found?.type !== "array" || found.of !== "string") throw new Error(`no ${key}`);
  return found.value;
}

function numbersOf(metadata: GgufMetadata, key: string): number[] {
  const found = metadata.get(key);
  if (found?.type !== "array" || found.of !== "int32") throw new Error(`no ${key}`);
  return Array.from(found.value, Number);
}

const count = (value: number): GgufValue => ({ type: "uint32", value });

const architecture = (vocabulary: number): [string, GgufValue][] => [
  ["general.architecture", { type: "string", value: "llama" }],
  ["general.type", { type: "string", value: "model" }],
  ["general.name", { type: "string", value: "scripted" }],
  ["general.file_type", count(1)],
  ["llama.block_count", count(1)],
  ["llama.context_length", count(131_072)],
  ["llama.embedding_length", count(WIDTH)],
  ["llama.feed_forward_length", count(FEED_FORWARD)],
  ["llama.attention.head_count", count(WIDTH / HEAD)],
  ["llama.attention.head_count_kv", count(1)],
  ["llama.attention.layer_norm_rms_epsilon", { type: "float32", value: 1e-5 }],
  ["llama.rope.dimension_count", count(HEAD)],
  ["llama.rope.freq_base", { type: "float32", value: 10_000 }],
  ["llama.vocab_size", count(vocabulary)],
];

function weights(tokens: readonly string[]): GgufTensorSource[] {
  const [say, callReply, sayReply] = [tokens.length - 3, tokens.length - 2, tokens.length - 1];
  const [lineEnd, end] = [tokens.indexOf(byteSymbols("\n")), tokens.indexOf("<|im_end|>")];
  const embedding = new Float32Array(tokens.length * WIDTH);
  for (let token = 0; token < tokens.length; token++) {
    const leadsTo = token === lineEnd ? LEADS_TO.call : token === say ? LEADS_TO.say : LEADS_TO.end;
    embedding[token * WIDTH + leadsTo] = 1;
  }
  const output = new Float32Array(tokens.length * WIDTH);
  for (const [token, direction] of [
    [callReply, LEADS_TO.call],
    [sayReply, LEADS_TO.say],
    [end, LEADS_TO.end],
  ] as const) {
    output[token * WIDTH + direction] = CERTAIN;
  }
  return [
    matrix("token_embd.weight", [WIDTH, tokens.length], embedding),
    ...block(),
    ones("output_norm.weight"),
    matrix("output.weight", [WIDTH, tokens.length], output),
  ];
}

const block = (): GgufTensorSource[] => [
  ones("blk.0.attn_norm.weight"),
  zeros("blk.0.attn_q.weight", [WIDTH, WIDTH]),
  zeros("blk.0.attn_k.weight", [WIDTH, HEAD]),
  zeros("blk.0.attn_v.weight", [WIDTH, HEAD]),
  zeros("blk.0.attn_output.weight", [WIDTH, WIDTH]),
  ones("blk.0.ffn_norm.weight"),
  zeros("blk.0.ffn_gate.weight", [WIDTH, FEED_FORWARD]),
  zeros("blk.0.ffn_up.weight", [WIDTH, FEED_FORWARD]),
  zeros("blk.0.ffn_down.weight", [FEED_FORWARD, WIDTH]),
];

const [F32, F16] = [0, 1];

const matrix = (name: string, shape: [number, number], values: Float32Array): GgufTensorSource =>
  tensor(name, shape, F16, encodeFloats("F16", values));
const zeros = (name: string, shape: [number, number]): GgufTensorSource =>
  matrix(name, shape, new Float32Array(shape[0] * shape[1]));
const ones = (name: string): GgufTensorSource =>
  tensor(name, [WIDTH], F32, encodeFloats("F32", new Float32Array(WIDTH).fill(1)));

/** The letters that byte-level BPE writes bytes with: printable Latin-1 stands for itself, the rest is moved above U+0100. */
const SYMBOLS: readonly string[] = (() => {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : 256 + moved++),
  );
})();

function byteSymbols(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => SYMBOLS[byte]).join("");
}
