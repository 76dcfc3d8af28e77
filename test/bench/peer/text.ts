import { seededRandom } from "../../support/random.ts";

const WHO = [
  "llama",
  "shepherd",
  "miller",
  "sister",
  "stranger",
  "captain",
  "gardener",
  "child",
  "baker",
  "clerk",
];
const DOES = [
  "carries",
  "forgets",
  "paints",
  "counts",
  "sells",
  "hides",
  "finds",
  "mends",
  "follows",
  "weighs",
];
const WHAT = [
  "lantern",
  "river",
  "basket",
  "letter",
  "bridge",
  "orchard",
  "clock",
  "saddle",
  "kettle",
  "map",
];
const WHERE = [
  "beyond the hill",
  "at noon",
  "in the snow",
  "before supper",
  "near the harbour",
  "without a word",
];
/** Of SmolLM2's and most other vocabularies. */
const TOKENS_A_SENTENCE = 11;

/**
 * Prose of about `tokens` tokens that shares no prefix with that of another salt and repeats little: a server that guesses what comes
 * next by what has been said gains nothing by it.
 */
export function prose(tokens: number, salt: number): string {
  const random = seededRandom(salt);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  const sentence = () => `The ${pick(WHO)} ${pick(DOES)} a ${pick(WHAT)} ${pick(WHERE)}.`;
  return `${salt}: ${Array.from({ length: Math.ceil(tokens / TOKENS_A_SENTENCE) }, sentence).join(" ")}`;
}

const ABOUT = [
  "a windmill",
  "a submarine",
  "bread",
  "an earthquake",
  "chess",
  "a violin",
  "glass",
  "the tides",
  "a passport",
  "honey",
];
const ASKS = [
  "Explain to a child how one comes to be:",
  "Why do people care about this:",
  "Tell a story about",
  "What may go wrong with",
];

/** A question that is answered with prose. */
export const question = (salt: number): string =>
  `${ASKS[salt % ASKS.length]} ${ABOUT[Math.floor(salt / ASKS.length) % ABOUT.length]}?`;
