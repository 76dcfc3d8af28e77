import type { PairPart, Ranking } from "../../src/engine/port.ts";
import { familyOf } from "../../src/models/families.ts";
import { modelArchitecture, type Shim, textAt } from "./shim.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The tokens of a vocabulary for the borders of texts. Token -1: it has none. */
export interface TextBorders {
  /** Tokens that it puts around a single text. */
  before: readonly number[];
  after: readonly number[];
  eos: number;
  sep: number;
  addsEos: boolean;
  addsSep: boolean;
}

/** How the loaded model ranks; undefined when it has no ranking head, or one that tells no relevance. */
export function readRanking(shim: Shim, vocabulary: Vocabulary): Ranking | undefined {
  const outputs = shim.shim_rank_outputs();
  const scores = familyOf(modelArchitecture(shim)).rankScores;
  // Several outputs without a softmax are the classes of a classifier.
  if (outputs === 0 || (scores === "logit" && outputs > 1)) return undefined;
  const template = textAt(shim.shim_rank_template());
  const pair =
    template === ""
      ? pairOfBorders(bordersOf(shim, vocabulary))
      : pairOfTemplate(template, (text) => vocabulary.splitControl(text));
  return pair && { pair, scores };
}

/**
 * Query and document as a cross-encoder was trained to read them: like one text each, with the tokens for the place between two texts.
 * Undefined when the vocabulary has no such tokens.
 */
export function pairOfBorders(borders: TextBorders): PairPart[] | undefined {
  const { before, after, eos, sep, addsEos, addsSep } = borders;
  const end = eos < 0 ? sep : eos;
  const between = [...(addsEos ? [end] : []), ...(addsSep ? [sep] : [])].filter((token) => token >= 0);
  if (between.length === 0) return undefined;
  return [...before, "{query}", ...between, "{document}", ...after];
}

/** A template's control tokens as tokens, so that no document can forge one. Undefined without a place for query and document. */
export function pairOfTemplate(
  template: string,
  splitControl: (text: string) => PairPart[],
): PairPart[] | undefined {
  const places = template.split("{document}").length - 1;
  return places === 1 && template.includes("{query}") ? splitControl(template) : undefined;
}

function bordersOf(shim: Shim, vocabulary: Vocabulary): TextBorders {
  const bare = vocabulary.tokenize("a", false, false);
  const whole = vocabulary.tokenize("a", true, false);
  const start = whole.findIndex((_, at) => bare.every((token, i) => whole[at + i] === token));
  return {
    before: whole.slice(0, start),
    after: whole.slice(start + bare.length),
    eos: shim.shim_eos(),
    sep: shim.shim_sep(),
    addsEos: shim.shim_adds_eos(),
    addsSep: shim.shim_adds_sep(),
  };
}
