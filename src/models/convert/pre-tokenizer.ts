import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { JsonFile, JsonRecord } from "./json.ts";
import { asRecords } from "./vocabulary.ts";

/** Contractions as tiktoken's patterns write them. */
const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const LINES_AND_SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const CASED = (end: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${end}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${end}`;
const WORDS = (digits: string) =>
  `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${LINES_AND_SPACES}`;
const SYMBOLS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";

const LLAMA_3 = WORDS("\\p{N}{1,3}");

/**
 * How a text is cut before byte pairs are merged → the name by which llama.cpp (v0.5.0, llama-vocab.cpp) knows that way. Its own
 * conversion finds the name by the ids that one long text gets, which takes the published vocabulary; the patterns say the same.
 */
const KNOWN: readonly (readonly [steps: readonly string[], name: string])[] = [
  [[LLAMA_3], "llama-bpe"],
  [[WORDS("\\p{N}")], "qwen2"],
  [["gpt2"], "gpt-2"],
  [["digits", "gpt2"], "smollm"],
  [[`${CASED("")}|\\p{N}|${SYMBOLS}|${LINES_AND_SPACES}`], "tekken"],
  [[`${CASED(`${CONTRACTIONS}?`)}|\\p{N}{1,3}|${SYMBOLS}|${LINES_AND_SPACES}`], "gpt-4o"],
  [["[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "digits"], "deepseek-coder"],
];

/**
 * `tokenizer.ggml.pre` for a byte-level tokenizer.json.
 * @throws AppError `bad_request` when llama.cpp has no such pre-tokenizer: it would cut texts in other places than the model learned.
 */
export function preTokenizer(tokenizer: JsonFile): string {
  const refuse = (why: string) => badRequest(`${tokenizer.label}: ${why}`);
  const normalizers = flat(tokenizer.fields.normalizer, "normalizers");
  // llama.cpp does not compose characters (NFC); texts as people type them are composed already.
  const other = normalizers.find(({ type }) => type !== "NFC");
  if (other !== undefined)
    throw refuse(`normalizer ${JSON.stringify(other.type)} is not supported (supported: NFC)`);
  const steps = flat(tokenizer.fields.pre_tokenizer, "pretokenizers").flatMap((step) => {
    const signature = signatureOf(step);
    if (signature === undefined)
      throw refuse(`pre-tokenizer ${JSON.stringify(step.type)} is not supported in this form`);
    return signature;
  });
  const name = KNOWN.find(([known]) => known.join("\0") === steps.join("\0"))?.[1];
  if (name === undefined) {
    const names = KNOWN.map(([, known]) => known).join(", ");
    throw refuse(
      `its pre-tokenizer is not one of those that are supported (${names}): ${JSON.stringify(steps)}`,
    );
  }
  const merges = isRecord(tokenizer.fields.model) && tokenizer.fields.model.ignore_merges === true;
  // The same cuts, but without taking words that are tokens as they are.
  return name === "llama-bpe" && !merges ? "smaug-bpe" : name;
}

/** A step, or the steps of a sequence. */
function flat(value: unknown, key: string): JsonRecord[] {
  if (!isRecord(value)) return [];
  return value.type === "Sequence" ? asRecords(value[key]).flatMap((step) => flat(step, key)) : [value];
}

/** The pattern by which a step cuts; undefined for a step that llama.cpp has nothing like. */
function signatureOf(step: JsonRecord): string[] | undefined {
  switch (step.type) {
    case "Split": {
      const pattern = isRecord(step.pattern) ? step.pattern.Regex : undefined;
      const whole = step.behavior === "Isolated" || step.behavior === "Removed";
      // "Removed" and inverted keeps what matches, which is the same cut for a pattern that matches everything.
      const usual = step.behavior === "Isolated" ? step.invert !== true : step.invert === true;
      return typeof pattern === "string" && whole && usual ? [pattern] : undefined;
    }
    case "Digits":
      return step.individual_digits === true ? ["digits"] : undefined;
    case "ByteLevel":
      if (step.add_prefix_space === true) return undefined;
      return step.use_regex === false ? [] : ["gpt2"];
    default:
      return undefined;
  }
}
