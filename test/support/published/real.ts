import type { GgufMetadata, GgufValue } from "../../../src/models/gguf/value.ts";
import { floats, rewriteGguf } from "../rewrite-gguf.ts";

/**
 * Writes a llama model, whose weights a Mistral's graph computes alike, in that family's published layout: with
 * a tensor in it that llama.cpp's text model does not have, and no encoder of pictures.
 */
export async function writePublishedMistral(llama: string, target: string): Promise<void> {
  const mistral = (old: GgufMetadata): GgufMetadata =>
    new Map([
      ...[...old].map(([key, value]): [string, GgufValue] => [key.replace(/^llama\./, "mistral3."), value]),
      ["general.architecture", { type: "string", value: "mistral3" }],
    ]);
  await rewriteGguf(llama, target, mistral, [floats("mm.norm.weight", [64], new Float32Array(64))]);
}
