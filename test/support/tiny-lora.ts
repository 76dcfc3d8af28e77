import { encodeFloats } from "../../src/models/convert/dtype.ts";
import type { GgufValue } from "../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../src/models/gguf/write.ts";

/** Width of {@link file://./tiny-llama.ts} and the rank of the adapter. */
const WIDTH = 64;
const RANK = 4;

/**
 * Writes a LoRA for tiny-llama: a strong change of the first layer's queries and output, different in every coordinate.
 * @param architecture of another model as wide, whose tensors have the same names.
 */
export async function writeTinyLora(path: string, architecture = "llama"): Promise<void> {
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: architecture }],
    ["general.type", { type: "string", value: "adapter" }],
    ["adapter.type", { type: "string", value: "lora" }],
    ["adapter.lora.alpha", { type: "float32", value: 2 * RANK }],
  ]);
  const tensors = ["attn_q", "attn_output"].flatMap((part) => [
    matrix(`blk.0.${part}.weight.lora_a`, WIDTH, RANK),
    matrix(`blk.0.${part}.weight.lora_b`, RANK, WIDTH),
  ]);
  await writeGguf(path, metadata, tensors, new AbortController().signal);
}

function matrix(name: string, inputs: number, outputs: number): GgufTensorSource {
  const values = Float32Array.from({ length: inputs * outputs }, (_, i) => Math.sin(1 + i * 1.7));
  const bytes = encodeFloats("F32", values);
  const data = async function* () {
    yield bytes;
  };
  return { name, shape: [inputs, outputs], type: 0, bytes: bytes.byteLength, data };
}
