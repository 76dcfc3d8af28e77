import { DraftRow, type SlotTokens } from "./draft-row.ts";
import type { Drafter } from "./drafter.ts";
import { RunningMedian } from "./running-median.ts";
import type { StepCosts } from "./step-costs.ts";

/** Most tokens of a guess: an answer that is cancelled, or a prompt that comes, waits for as many. A first guess is shorter. */
const WIDEST = 16;
const FIRST_WIDTH = 4;
/** A draft with no more missing tokens than this evaluates them together with the guess. */
const READ_AT_ONCE = 16;
/** Steps that may be spent on reading before the answer has shown that it is long. */
const FREE_STEPS = 2;
/**
 * Beliefs to begin with: so much faster by guesses; so many guessed tokens right; a guessed token takes so much of a step, and one that is
 * only read so much of a guessed one.
 */
const FIRST_GAIN = 1.15;
const FIRST_RATE = 0.95;
const FIRST_COST = 0.35;
const FIRST_READING = 0.25;
/** How many rounds an experience lasts, and how many the first belief weighs as much as. */
const MEMORY = 12;
const TRIAL = 6;
/** Tokens without the draft after it did not pay; doubles with every further time. A new answer need not wait for so long. */
const FIRST_PAUSE = 64;
const LONGEST_PAUSE = 1024;
const PAUSE_OF_NEW = 16;
/** By how much doubt grows every time that it did not pay, up to a bound: an answer has to be longer before the draft reads it. */
const DOUBTED = 3;
const MOST_DOUBT = 8;
/** The share of doubt that is left when a new answer begins. */
const FORGIVEN = 0.7;

/**
 * Decides when the draft guesses and how many tokens, by the time that guesses take and save: it is not used while it does not pay, and
 * tried again from time to time. It outlives answers, so its experience with a pair of models serves the next answer.
 */
export class Drafting {
  readonly #row: DraftRow;
  readonly #costs: StepCosts;
  readonly #now: () => number;
  readonly #guessMs = new RunningMedian();
  readonly #readMs = new RunningMedian();
  /** The share of guessed tokens that are right, as far as those before them are. */
  #rate = FIRST_RATE;
  /** Of the rounds that are remembered: tokens that they brought, and how many plain steps they took as long as. */
  #tokens = TRIAL * FIRST_GAIN;
  #steps = TRIAL;
  #pause = 0;
  #wait = FIRST_PAUSE;
  #doubt = 1;
  /** Most tokens that a guess may have, as the last ones went. */
  #widest = FIRST_WIDTH;
  #generated = 0;

  /** @param now milliseconds. */
  constructor(drafter: Drafter, costs: StepCosts, now: () => number) {
    this.#row = new DraftRow(drafter);
    this.#costs = costs;
    this.#now = now;
  }

  /** A new answer begins. */
  begin(): void {
    this.#generated = 0;
    this.#pause = Math.min(this.#pause, PAUSE_OF_NEW);
    this.#doubt = Math.max(1, this.#doubt * FORGIVEN);
  }

  /** A step was made without the draft. */
  passed(): void {
    this.#generated++;
    if (this.#pause > 0) this.#pause--;
  }

  /**
   * The draft's guess of the next tokens; none where it is not worth the time, while it still evaluates the text, and where it is not sure.
   * @param most tokens that there is room for.
   */
  guess(text: SlotTokens, most: number): number[] {
    const { plain } = this.#costs;
    if (plain === undefined || most < 1 || this.#pause > 0) return [];
    const lacks = this.#row.align(text, WIDEST);
    if (lacks > READ_AT_ONCE) {
      if (this.#isWorthReading(lacks, plain)) this.#read(text, lacks);
      return [];
    }
    const width = Math.min(most, this.#bestWidth(plain));
    const start = this.#now();
    const tokens = this.#row.guess(text, lacks, width);
    this.#guessMs.add((this.#now() - start) / asked(tokens, width));
    // A draft that was not sure has cost the time of a token and saved none.
    if (tokens.length === 0) this.#experience(1, this.#costOfGuess(plain) + plain, plain);
    return tokens;
  }

  /** So many of the tokens of a guess were right. */
  learned(drafted: number, accepted: number): void {
    const { plain } = this.#costs;
    this.#generated += accepted + 1;
    if (accepted === drafted) this.#widest = Math.min(WIDEST, this.#widest * 2);
    if (accepted === 0) this.#widest = FIRST_WIDTH;
    // A wrong token says nothing about those behind it.
    const judged = Math.min(drafted, accepted + 1);
    this.#rate += (accepted / judged - this.#rate) * Math.min(0.5, judged * 0.05);
    if (plain === undefined) return;
    const ms = drafted * this.#costOfGuess(plain) + this.#costs.of(drafted + 1, plain);
    this.#experience(accepted + 1, ms, plain);
  }

  #experience(tokens: number, ms: number, plain: number): void {
    const keep = 1 - 1 / MEMORY;
    this.#tokens = this.#tokens * keep + tokens;
    this.#steps = this.#steps * keep + ms / plain;
    const gain = this.#tokens / this.#steps;
    if (gain > FIRST_GAIN) [this.#wait, this.#doubt] = [FIRST_PAUSE, 1];
    if (gain >= 1) return;
    this.#widest = FIRST_WIDTH;
    this.#pause = this.#wait;
    this.#wait = Math.min(LONGEST_PAUSE, this.#wait * 2);
    this.#doubt = Math.min(MOST_DOUBT, this.#doubt * DOUBTED);
    // The next trial is judged by itself.
    [this.#tokens, this.#steps] = [TRIAL * FIRST_GAIN, TRIAL];
  }

  /** Evaluating the text has to pay: if the answer grows by its present length again, guesses must save as much time as that takes. */
  #isWorthReading(lacks: number, plain: number): boolean {
    const steps = (lacks * (this.#readMs.value ?? this.#costOfGuess(plain) * FIRST_READING)) / plain;
    const saving = (1 - this.#steps / this.#tokens) / this.#doubt;
    return steps <= FREE_STEPS + this.#generated * saving;
  }

  #read(text: SlotTokens, lacks: number): void {
    const start = this.#now();
    const read = this.#row.read(text, lacks);
    this.#readMs.add((this.#now() - start) / read);
  }

  /** The width with the most tokens a second, as far as is known. */
  #bestWidth(plain: number): number {
    const rate = Math.min(this.#rate, 0.99);
    const worth = (width: number) => {
      const tokens = (1 - rate ** (width + 1)) / (1 - rate);
      return tokens / (width * this.#costOfGuess(plain) + this.#costs.of(width + 1, plain));
    };
    const widths = Array.from({ length: this.#widest }, (_, index) => index + 1);
    return widths.reduce((best, width) => (worth(width) > worth(best) ? width : best), 1);
  }

  #costOfGuess(plain: number): number {
    return this.#guessMs.value ?? plain * FIRST_COST;
  }
}

/** How many tokens the draft has weighed for a guess: where it ended early, one more than it gave out. */
const asked = (tokens: readonly number[], width: number): number => Math.min(width, tokens.length + 1);
