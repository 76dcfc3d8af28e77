import { isRecord } from "../../lib/is-record.ts";
import { bool, uint32 } from "../gguf/value.ts";
import type { Metadata } from "./architecture.ts";
import { type JsonFile, type JsonRecord, optionalString } from "./json.ts";
import { asRecords } from "./vocabulary.ts";

/** Name in Hugging Face's files → name in GGUF, whose spelling of "separator" is its own. */
const KINDS = [
  ["bos", "bos"],
  ["eos", "eos"],
  ["unk", "unknown"],
  ["sep", "seperator"],
  ["pad", "padding"],
  ["mask", "mask"],
] as const;

export interface SpecialTokenFiles {
  config: JsonFile;
  /** tokenizer_config.json */
  settings: JsonFile | undefined;
}

/**
 * `tokenizer.ggml.<kind>_token_id`: the token that tokenizer_config.json names, else the id in config.json.
 * @param ids the vocabulary, token → id.
 */
export function specialTokenIds(
  { config, settings }: SpecialTokenFiles,
  ids: ReadonlyMap<string, number>,
): Metadata {
  return KINDS.flatMap(([kind, key]) => {
    const named = tokenText(settings?.fields[`${kind}_token`]);
    const stated = config.fields[`${kind}_token_id`];
    const id =
      (named === undefined ? undefined : ids.get(named)) ?? (isId(stated, ids.size) ? stated : undefined);
    return id === undefined ? [] : [[`tokenizer.ggml.${key}_token_id`, uint32(id)] as const];
  });
}

/** A special token is given as its text or as an object around it. */
export function tokenText(value: unknown): string | undefined {
  if (isRecord(value)) return optionalString(value, "content");
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a text gets a token before and after it; undefined where the files do not say. */
export interface BoundaryTokens {
  bos: boolean | undefined;
  eos: boolean | undefined;
}

/** The boundary tokens by tokenizer_config.json, else by the template in tokenizer.json. */
export function boundaryTokens(
  tokenizer: JsonFile | undefined,
  settings: JsonFile | undefined,
): BoundaryTokens {
  const single = templateOf(tokenizer?.fields.post_processor);
  const adds = (at: number) => (single === undefined ? undefined : isRecord(single.at(at)?.SpecialToken));
  const stated = (kind: string) => {
    const value = settings?.fields[`add_${kind}_token`];
    return typeof value === "boolean" ? value : undefined;
  };
  return { bos: stated("bos") ?? adds(0), eos: stated("eos") ?? adds(-1) };
}

/** Boundary tokens as GGUF keys; undefined ones are left to llama.cpp. */
export function surroundingsMetadata({ bos, eos }: BoundaryTokens): Metadata {
  return [
    ...(bos === undefined ? [] : [["tokenizer.ggml.add_bos_token", bool(bos)] as const]),
    ...(eos === undefined ? [] : [["tokenizer.ggml.add_eos_token", bool(eos)] as const]),
  ];
}

/** The template that a post processor has for a single text, where it works by one. */
export function templateOf(processor: unknown): JsonRecord[] | undefined {
  const all = isRecord(processor) ? [processor, ...asRecords(processor.processors)] : [];
  const template = all.find(({ type }) => type === "TemplateProcessing");
  return template === undefined ? undefined : asRecords(template.single);
}

/**
 * Some models mark tokens that steer them as ordinary ones; llama.cpp's conversion (v0.5.0) goes by their looks then, so that users'
 * text cannot forge them.
 */
export function looksSpecial(token: string): boolean {
  return (
    ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].includes(token) ||
    /^(<\|.*\|>|<｜.*｜>|<unused.*>)$/s.test(token)
  );
}

const isId = (value: unknown, size: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < size;
