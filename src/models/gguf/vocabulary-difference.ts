import type { GgufStrings } from "./strings.ts";
import type { GgufMetadata } from "./value.ts";

/**
 * Bounds of llama.cpp's own comparison (common/speculative.cpp): models of one family pad their vocabularies differently, and name the
 * control tokens at its beginning differently.
 */
const MOST_SIZE_DIFFERENCE = 128;
const FIRST_COMPARED = 5;

/**
 * Why the tokens of a draft model cannot be guesses for another model: the first difference between their vocabularies, in words about
 * the draft. Undefined: they are the same as far as it matters.
 */
export function vocabularyDifference(target: GgufMetadata, draft: GgufMetadata): string | undefined {
  const [kind, draftKind] = [kindOf(target), kindOf(draft)];
  if (kind !== draftKind)
    return `its tokenizer is ${JSON.stringify(draftKind)}, and the model's is ${JSON.stringify(kind)}`;
  const [tokens, draftTokens] = [tokensOf(target), tokensOf(draft)];
  if (Math.abs(tokens.length - draftTokens.length) > MOST_SIZE_DIFFERENCE)
    return `it knows ${draftTokens.length} tokens, and the model ${tokens.length}`;
  const common = Math.min(tokens.length, draftTokens.length);
  for (let id = FIRST_COMPARED; id < common; id++) {
    const [text, draftText] = [tokens.at(id), draftTokens.at(id)];
    if (text === draftText) continue;
    return `its token ${id} is ${JSON.stringify(draftText)}, and the model's is ${JSON.stringify(text)}`;
  }
  return undefined;
}

function kindOf(metadata: GgufMetadata): string {
  const entry = metadata.get("tokenizer.ggml.model");
  return entry?.type === "string" ? entry.value : "none";
}

function tokensOf(metadata: GgufMetadata): readonly string[] | GgufStrings {
  const entry = metadata.get("tokenizer.ggml.tokens");
  return entry?.type === "array" && entry.of === "string" ? entry.value : [];
}
