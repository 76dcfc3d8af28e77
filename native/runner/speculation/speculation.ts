import type { Speculated } from "../../../src/engine/port.ts";
import type { SlotTokens } from "./draft-row.ts";
import { PromptLookup } from "./lookup.ts";
import type { Means } from "./means.ts";

/** The source of a guess: the text before, or the draft model. */
type Source = "lookup" | "model";

export interface Guess {
  tokens: number[];
  source: Source;
}

/**
 * Guesses of one answer's next tokens: copied from the text before, which costs nothing, or else made by the draft model. Nothing is
 * computed until the answer has begun.
 */
export class Speculation {
  readonly #prompt: readonly number[];
  readonly #means: Pick<Means, "pace" | "drafting">;
  /** Most tokens of one guess. */
  readonly #widest: number;
  readonly #counts = { lookup: { drafted: 0, accepted: 0 }, model: { drafted: 0, accepted: 0 } };
  #lookup: PromptLookup | undefined;
  #seen = 0;

  constructor(
    prompt: readonly number[],
    means: Pick<Means, "pace" | "drafting">,
    widest = Number.POSITIVE_INFINITY,
  ) {
    this.#prompt = prompt;
    this.#means = means;
    this.#widest = widest;
    means.pace.begin();
    means.drafting?.begin();
  }

  /** How many tokens were guessed, how many of them were right, and the source of the guesses; undefined when there were none. */
  get counts(): Speculated | undefined {
    const { lookup, model } = this.#counts;
    const drafted = lookup.drafted + model.drafted;
    if (drafted === 0) return undefined;
    const kind = model.drafted === 0 ? "lookup" : lookup.drafted === 0 ? "model" : "both";
    return { drafted, accepted: lookup.accepted + model.accepted, kind };
  }

  /**
   * A guess of the next tokens; undefined when none is worth a try.
   * @param generated the answer so far.
   * @param room tokens that there is room for.
   */
  guess(generated: readonly number[], text: SlotTokens, room: number): Guess | undefined {
    const most = Math.min(room, this.#widest);
    const copied = this.#copied(generated, most);
    if (copied.length > 0) return { tokens: copied, source: "lookup" };
    const drafted = this.#means.drafting?.guess(text, most) ?? [];
    if (drafted.length > 0) return { tokens: drafted, source: "model" };
    this.#means.drafting?.passed();
    return undefined;
  }

  #copied(generated: readonly number[], most: number): number[] {
    const { pace } = this.#means;
    const width = Math.min(pace.width, most);
    pace.passed();
    if (width < 1) return [];
    this.#lookup ??= new PromptLookup(this.#prompt);
    for (; this.#seen < generated.length; this.#seen++) this.#lookup.push(generated[this.#seen]!);
    const guess = this.#lookup.guess(width);
    return guess === undefined || guess.match < pace.match ? [] : guess.tokens;
  }

  learned({ tokens, source }: Guess, accepted: number): void {
    this.#counts[source].drafted += tokens.length;
    this.#counts[source].accepted += accepted;
    if (source === "lookup") this.#means.pace.learned(tokens.length, accepted);
    else this.#means.drafting?.learned(tokens.length, accepted);
  }
}
