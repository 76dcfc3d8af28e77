import { fileTypeName } from "./file-types.ts";
import type { GgufHeader } from "./header.ts";
import type { GgufMetadata } from "./value.ts";

/** Facts of a GGUF that other rooms need. Undefined: the header does not have the key, or has it with the wrong type. */
export interface GgufFacts {
  /** `general.architecture`; `unknown` when missing. */
  readonly architecture: string;
  /** `general.type`: `model`, `adapter`, `mmproj`, … */
  readonly kind: string | undefined;
  readonly parameterCount: number;
  /** `general.file_type`. */
  readonly fileType: number | undefined;
  /** Its name, e.g. `Q4_K_M`, or `unknown`. */
  readonly fileTypeName: string;
  /** Tokens of context that the model was trained with. */
  readonly contextLength: number | undefined;
  readonly embeddingLength: number | undefined;
  readonly blockCount: number | undefined;
  /** Attention heads of the layer that has most. */
  readonly headCount: number | undefined;
  /** Key-value heads of the layer that has fewest, attention-free layers left out. */
  readonly headCountKv: number | undefined;
  /** llama.cpp's pooling type; present in embedding models only. */
  readonly poolingType: number | undefined;
  /** Jinja. */
  readonly chatTemplate: string | undefined;
  readonly bosTokenId: number | undefined;
  readonly eosTokenId: number | undefined;
  readonly visionBlockCount: number | undefined;
  readonly audioBlockCount: number | undefined;
  /** A projector's `clip.has_audio_encoder`. */
  readonly hasAudioEncoder: boolean;
}

const textOf = (metadata: GgufMetadata, key: string): string | undefined => {
  const entry = metadata.get(key);
  return entry?.type === "string" ? entry.value : undefined;
};

const countOrNone = (value: number): number | undefined =>
  Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** The whole numbers under a key, a single one or one for each layer. */
function countsOf(metadata: GgufMetadata, key: string): number[] {
  const entry = metadata.get(key);
  if (entry === undefined || entry.type === "string" || entry.type === "bool") return [];
  if (entry.type !== "array")
    return [countOrNone(Number(entry.value))].filter((count) => count !== undefined);
  if (entry.of === "string") return [];
  return Array.from<number | bigint, number>(entry.value, Number).filter(
    (count) => countOrNone(count) !== undefined,
  );
}

const countOf = (metadata: GgufMetadata, key: string): number | undefined =>
  metadata.get(key)?.type === "array" ? undefined : countsOf(metadata, key)[0];

/** The facts of a header. Never throws: a key of the wrong type counts as missing. */
export function ggufFacts({ metadata, parameterCount }: GgufHeader): GgufFacts {
  const architecture = textOf(metadata, "general.architecture") ?? "unknown";
  const own = (key: string): number | undefined => countOf(metadata, `${architecture}.${key}`);
  const heads = countsOf(metadata, `${architecture}.attention.head_count`);
  const headsKv = countsOf(metadata, `${architecture}.attention.head_count_kv`).filter((count) => count > 0);
  const fileType = countOf(metadata, "general.file_type");
  const audio = metadata.get("clip.has_audio_encoder");
  return {
    architecture,
    kind: textOf(metadata, "general.type"),
    parameterCount,
    fileType,
    fileTypeName: fileTypeName(fileType),
    contextLength: own("context_length"),
    embeddingLength: own("embedding_length"),
    blockCount: own("block_count"),
    headCount: heads.length === 0 ? undefined : heads.reduce((a, b) => Math.max(a, b)),
    headCountKv: headsKv.length === 0 ? undefined : headsKv.reduce((a, b) => Math.min(a, b)),
    poolingType: own("pooling_type"),
    chatTemplate: textOf(metadata, "tokenizer.chat_template"),
    bosTokenId: countOf(metadata, "tokenizer.ggml.bos_token_id"),
    eosTokenId: countOf(metadata, "tokenizer.ggml.eos_token_id"),
    visionBlockCount: own("vision.block_count"),
    audioBlockCount: own("audio.block_count"),
    hasAudioEncoder: audio?.type === "bool" && audio.value,
  };
}
