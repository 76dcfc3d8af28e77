import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { float32, ggufString, uint32 } from "../gguf/value.ts";
import type { ComputedTensor, Metadata } from "./architecture.ts";
import { type JsonFile, positiveInteger, positiveNumber, positiveNumberOr } from "./json.ts";

/** How a model's rotary positions are stretched beyond the context that it was first trained with. */
export interface Rope {
  metadata: Metadata;
  /** Divisors of each frequency, for a stretch that GGUF has no keys for. */
  computed: ComputedTensor[];
}

/** Numbers of YaRN: field of config.json → key in GGUF. */
const YARN: readonly (readonly [field: string, key: string])[] = [
  ["extrapolation_factor", "yarn_ext_factor"],
  ["attention_factor", "yarn_attn_factor"],
  ["beta_fast", "yarn_beta_fast"],
  ["beta_slow", "yarn_beta_slow"],
];

/**
 * `rope_theta` and `rope_scaling` (or `rope_parameters`, as newer configs call both).
 *
 * @param kinds which kinds of scaling llama.cpp knows for this architecture.
 * @throws AppError `bad_request` for any other kind, which would load and be wrong in long texts.
 */
export function readRope(
  config: JsonFile,
  architecture: string,
  headSize: number,
  kinds: readonly string[],
  defaultBase?: number,
): Rope {
  const stated = config.fields.rope_parameters ?? config.fields.rope_scaling ?? {};
  if (!isRecord(stated)) throw badRequest(`${config.label}: rope_scaling must be an object`);
  const scaling: JsonFile = { label: `${config.label}: rope_scaling`, fields: stated };
  const base = readBase(config, scaling) ?? defaultBase;
  const key = (name: string) => `${architecture}.rope.${name}`;
  const kind = String(stated.rope_type ?? stated.type ?? "default");
  if (kind !== "default" && !kinds.includes(kind)) {
    const supported = ["default", ...kinds].join(", ");
    throw badRequest(`${scaling.label} ${JSON.stringify(kind)} is not supported (supported: ${supported})`);
  }
  return {
    metadata: [
      ...(base === undefined ? [] : [[key("freq_base"), float32(base)] as const]),
      ...scale(kind, scaling, key),
    ],
    computed:
      kind === "llama3"
        ? [{ target: "rope_freqs.weight", values: llama3Divisors(scaling, base ?? 10_000, headSize) }]
        : [],
  };
}

function readBase(config: JsonFile, scaling: JsonFile): number | undefined {
  const file = scaling.fields.rope_theta === undefined ? config : scaling;
  return (file.fields.rope_theta ?? undefined) === undefined ? undefined : positiveNumber(file, "rope_theta");
}

function scale(kind: string, scaling: JsonFile, key: (name: string) => string): Metadata {
  if (kind !== "linear" && kind !== "yarn") return [];
  const common: Metadata = [
    [key("scaling.type"), ggufString(kind)],
    [key("scaling.factor"), float32(positiveNumber(scaling, "factor"))],
  ];
  if (kind === "linear") return common;
  const stated = YARN.filter(([field]) => (scaling.fields[field] ?? undefined) !== undefined);
  return [
    ...common,
    [
      key("scaling.original_context_length"),
      uint32(positiveInteger(scaling, "original_max_position_embeddings")),
    ],
    ...stated.map(
      ([field, name]) => [key(`scaling.${name}`), float32(positiveNumber(scaling, field))] as const,
    ),
  ];
}

/** Llama 3.1's scaling: low frequencies are slowed down by `factor`, high ones stay, those between are blended. */
function llama3Divisors(scaling: JsonFile, base: number, headSize: number): Float32Array {
  const factor = positiveNumberOr(scaling, "factor", 8);
  const low = positiveNumberOr(scaling, "low_freq_factor", 1);
  const high = positiveNumberOr(scaling, "high_freq_factor", 4);
  const context = positiveNumberOr(scaling, "original_max_position_embeddings", 8192);
  return Float32Array.from({ length: headSize / 2 }, (_, pair) => {
    const frequency = Math.fround(1 / base ** ((2 * pair) / headSize));
    const turns = (context * frequency) / (2 * Math.PI);
    if (turns > high) return 1;
    if (turns < low) return factor;
    const blend = (turns - low) / (high - low);
    return 1 / ((1 - blend) / factor + blend);
  });
}
