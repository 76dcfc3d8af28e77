import type { GenerationMessage, RunnerDecide, RunnerGenerate, SlotText } from "../../src/engine/protocol.ts";
import { AppError, cancelled } from "../../src/lib/errors.ts";
import { AdmissionQueue, type Admitted } from "./admission.ts";
import { BatchMeter } from "./batch-meter.ts";
import type { CacheTiers, PromptCache } from "./cache/prompt-cache.ts";
import { positionOf } from "./cell-row.ts";
import { DecisionSteps } from "./decision/decision-steps.ts";
import type { LoadedModel } from "./engine.ts";
import { finishJob } from "./finish.ts";
import { GiveWay, type StepTurn } from "./give-way.ts";
import { KvCache } from "./kv-cache.ts";
import { type MediaOutcome, MediaSteps } from "./media-steps.ts";
import { keptTokens, pausesOf, speculationOf } from "./plan-job.ts";
import { planStep, type SlotShare } from "./plan-step.ts";
import { readSample } from "./read-sample.ts";
import { openSampler } from "./sampler.ts";
import { busySlots, emptySlot, type Job, type Slot, startJob, workOf } from "./slot.ts";
import { checkPromptLength, demandOf } from "./slot-demand.ts";
import type { SlotWork } from "./slot-work.ts";
import { type Means, meansOf } from "./speculation/means.ts";
import { type StepTools, verifyStep } from "./speculation/verify.ts";
import { StepArrays } from "./step-arrays.ts";
import { ThreadGovernor } from "./thread-governor.ts";
import { undecodable } from "./undecodable.ts";

type Send = (message: GenerationMessage) => void;

/**
 * Continuous batching: every step evaluates one token for each generating slot and fills the batch with prompt chunks, samples,
 * and reports all slots' text in one message. The caller turns the event loop between steps, which is when requests and
 * cancellations come in.
 */
export class StepLoop {
  readonly giveWay: GiveWay;
  readonly #model: LoadedModel;
  readonly #send: Send;
  readonly #slots: readonly Slot[];
  readonly #cache: KvCache;
  readonly #admission: AdmissionQueue;
  readonly #arrays: StepArrays;
  readonly #tools: StepTools;
  readonly #media: MediaSteps;
  readonly #decisions: DecisionSteps;
  readonly #governor: ThreadGovernor;
  readonly #meter: BatchMeter;
  readonly #means: Means;
  #uses = 0;

  /**
   * @param tiers memory and disk, for prompts that are in no slot.
   * @param wake called when there is something to do again after a step that did nothing.
   */
  constructor(model: LoadedModel, send: Send, tiers: CacheTiers, wake: () => void) {
    this.#model = model;
    this.#send = send;
    this.#slots = Array.from({ length: model.info.parallel }, (_, index) => emptySlot(index));
    this.#cache = new KvCache(model.shim, this.#slots);
    this.#media = new MediaSteps(model, this.#cache, wake);
    this.#admission = new AdmissionQueue({ ...tiers, kv: this.#cache, slots: this.#slots }, wake);
    this.#arrays = new StepArrays(model.shim, model.batchSize, model.info.parallel);
    this.#governor = new ThreadGovernor(model.threads);
    this.#meter = new BatchMeter(model.batchSize);
    this.#tools = { model, cache: this.#cache, arrays: this.#arrays };
    this.#decisions = new DecisionSteps({ ...this.#tools, meter: this.#meter, governor: this.#governor });
    this.#means = meansOf(model.drafter);
    this.giveWay = new GiveWay(model.batchSize, this.#means.costs, () => Bun.nanoseconds() / 1e6);
  }

  /** There is nothing to do, except perhaps to wait for the disk. */
  get idle(): boolean {
    return this.#admission.idle && this.#slots.every((slot) => workOf(slot) === undefined);
  }

  get prompts(): PromptCache {
    return this.#admission.prompts;
  }

  /** Takes a request; it starts as soon as a slot is free. */
  add(request: RunnerDecide | RunnerGenerate): void {
    this.giveWay.arrived();
    this.#admission.add(request);
  }

  /** Ends a request at once, wherever it is; it answers with an error of kind `cancelled`. */
  cancel(id: number): void {
    const waited = this.#admission.cancel(id);
    const slot = this.#slots.find((slot) => workOf(slot)?.request.id === id);
    if (slot !== undefined) this.#release(slot);
    if (waited || slot !== undefined) this.#fail(id, cancelled());
  }

  /** Ends all answers without a message: the process ends, and the server has answered their clients. */
  abandon(): void {
    for (const slot of this.#slots) if (workOf(slot) !== undefined) this.#release(slot);
  }

  /** One step. @returns false when there was nothing to do, since it is idle, waits for pictures to be decoded, or batches are held. */
  step(): boolean {
    const moved = this.#admission.run((admitted) => this.#start(admitted));
    this.#makeRoom();
    return this.giveWay.step(busySlots(this.#slots), (turn) => this.#work(turn)) || moved;
  }

  /** @returns how many tokens of answers and their prompts were evaluated; undefined when there was nothing to do. */
  #work({ workers, chunk }: StepTurn<Slot>): number | undefined {
    const all = workers.flatMap(demandOf);
    const shares = planStep(all, this.#model.batchSize, chunk);
    // Several answers fill a batch by themselves, and pictures and decisions have steps of their own, which a guess would put off.
    if (shares.length === 1 && all.length === workers.length && this.#guess(this.#slotsOf(shares)[0]!))
      return 1;
    const tokens = this.#evaluate(shares);
    const decided = this.#decide(workers);
    const outcome = this.#media.step(workers);
    if (outcome !== undefined) this.#report(outcome);
    return tokens > 0 || decided || outcome !== undefined ? tokens : undefined;
  }

  /** Several tokens in one step, where they can be guessed: for a slot that has the step to itself, batches having given way. */
  #guess(slot: Slot): boolean {
    const { job } = slot;
    if (job?.promptDoneAt === undefined) return false;
    this.#model.shim.shim_set_threads(this.#governor.threads);
    const outcome = verifyStep(slot, job, this.#tools, this.#means.costs);
    if (outcome === undefined) return false;
    this.#meter.count(this.#arrays.tokens);
    if (outcome.type === "failed") {
      this.#failAll([slot], outcome.code);
      return true;
    }
    const { items, end } = outcome;
    if (items.length > 0) this.#send({ type: "text", items });
    if (end instanceof AppError) this.#abort(slot, job, end);
    else if (end !== "continue") this.#finish(slot, job, end);
    return true;
  }

  /** @returns how many tokens were evaluated. */
  #evaluate(shares: readonly SlotShare[]): number {
    if (shares.length === 0) return 0;
    const tokens = this.#fill(shares);
    const code = this.#decode(shares, tokens);
    if (code === 0) this.#collect(shares);
    else this.#failAll(this.#slotsOf(shares), code);
    return tokens;
  }

  #report(outcome: MediaOutcome): void {
    if (outcome.type === "failed") this.#failAll([outcome.slot], outcome.code);
    if (outcome.type === "unreadable") this.#abort(outcome.slot, outcome.work, outcome.error);
    if (outcome.type !== "decoded" || !outcome.last || outcome.slot.job === undefined) return;
    this.#arrays.clear();
    if (outcome.work.limit > 0) {
      this.#arrays.want(outcome.slot.index, outcome.row);
      this.#model.shim.shim_sample(this.#arrays.outputs);
    }
    this.#take([outcome.slot]);
  }

  /** One batch of a decision. @returns false when there is none. */
  #decide(busy: readonly Slot[]): boolean {
    const outcome = this.#decisions.step(busy);
    if (typeof outcome === "boolean") return outcome;
    const { slot } = outcome;
    if ("error" in outcome) this.#cache.clear(slot);
    this.#release(slot);
    if ("error" in outcome) this.#fail(outcome.id, outcome.error);
    else this.#send(outcome.message);
    return true;
  }

  #start(admitted: Admitted): void {
    const { request, slot } = admitted;
    slot.lastUsed = ++this.#uses;
    try {
      if (request.type === "generate") this.#startJob(request, admitted);
      else this.#decisions.start(request, admitted);
    } catch (error) {
      this.#fail(request.id, AppError.from(error));
    }
  }

  #startJob(request: RunnerGenerate, { row, slot, report }: Admitted): void {
    const { shim, info, vocabulary } = this.#model;
    checkPromptLength(row.cells.length, info.contextLength);
    openSampler(shim, slot.index, request, info.contextLength);
    const preserved = vocabulary.tokensNamed(request.preservedTokens ?? []);
    const boundaries = pausesOf(row, report.reused, this.#cache.kind, (token) => shim.shim_is_end(token | 0));
    const speculation = speculationOf(request, row, this.#cache.kind, this.#means);
    const plan = { row, cache: report, boundaries, speculation, preserved, startedAt: Bun.nanoseconds() };
    slot.job = startJob(request, plan, info.contextLength);
  }

  /** A slot whose next token has no cell left is shifted, or its answer ends. */
  #makeRoom(): void {
    const { contextLength, canShift, addsBos } = this.#model.info;
    for (const slot of this.#slots) {
      const job = slot.job;
      if (job?.promptDoneAt === undefined || slot.cached.length < contextLength) continue;
      const keep = Math.min(keptTokens(job, addsBos), contextLength - 2);
      if (!(job.request.shift && canShift && this.#cache.shift(slot, keep)))
        this.#finish(slot, job, "length");
    }
  }

  #slotsOf(shares: readonly SlotShare[]): Slot[] {
    return shares.map((share) => this.#slots[share.slot]!);
  }

  #fill(shares: readonly SlotShare[]): number {
    this.#arrays.clear();
    for (const share of shares) {
      const slot = this.#slots[share.slot]!;
      const tokens = slot.job!.pending.slice(0, share.count);
      const position = positionOf(slot.media, slot.cached.length);
      this.#arrays.add(slot.index, tokens, position, share.last && slot.job!.limit > 0);
    }
    return this.#arrays.tokens;
  }

  #decode(shares: readonly SlotShare[], tokens: number): number {
    const { shim } = this.#model;
    shim.shim_set_threads(this.#governor.threads);
    const start = Bun.nanoseconds();
    const code = shim.shim_decode(tokens);
    this.#meter.count(tokens);
    const ms = (Bun.nanoseconds() - start) / 1e6;
    if (tokens === shares.length) this.#governor.observe(tokens, ms);
    if (tokens === 1) this.#means.costs.observe(1, ms);
    if (code === 0 && this.#arrays.outputs > 0) shim.shim_sample(this.#arrays.outputs);
    return code;
  }

  #collect(shares: readonly SlotShare[]): void {
    for (const share of shares) {
      const slot = this.#slots[share.slot]!;
      this.#append(slot, slot.job!, slot.job!.pending.splice(0, share.count));
    }
    this.#take(this.#slotsOf(shares.filter(({ last }) => last)));
  }

  /** Takes the sampled tokens of slots whose last cell has been evaluated. */
  #take(slots: readonly Slot[]): void {
    const now = Bun.nanoseconds();
    const items: SlotText[] = [];
    const finished: [Slot, Job, "stop" | "length"][] = [];
    for (const slot of slots) {
      const job = slot.job!;
      job.promptDoneAt ??= now;
      if (job.limit === 0) {
        finished.push([slot, job, "length"]);
        continue;
      }
      const outcome = readSample(this.#model, this.#arrays.outputOf(slot.index), job, items);
      if (outcome instanceof AppError) this.#abort(slot, job, outcome);
      else if (outcome !== "continue") finished.push([slot, job, outcome]);
    }
    if (items.length > 0) this.#send({ type: "text", items });
    for (const [slot, job, reason] of finished) this.#finish(slot, job, reason);
  }

  #append(slot: Slot, job: Job, cells: readonly number[]): void {
    this.#cache.append(slot, cells);
    if (slot.cached.length !== job.boundaries[0]) return;
    job.boundaries.shift();
    this.#cache.checkpoint(slot);
  }

  #finish(slot: Slot, job: Job, reason: "stop" | "length"): void {
    this.#release(slot);
    for (const message of finishJob(job, reason, Bun.nanoseconds(), this.#meter.take())) this.#send(message);
  }

  #abort(slot: Slot, work: SlotWork, error: AppError): void {
    this.#release(slot);
    this.#fail(work.request.id, error);
  }

  #release(slot: Slot): void {
    const prompt = workOf(slot)?.row.cells.length ?? 0;
    // A question that was not evaluated to its end.
    if (slot.decision !== undefined && slot.cached.length > prompt) this.#cache.cut(slot, prompt);
    slot.prompted = Math.max(slot.prompted, Math.min(slot.cached.length, prompt));
    if (slot.job !== undefined) this.#model.shim.shim_sampler_close(slot.index);
    slot.job = undefined;
    slot.decision = undefined;
  }

  /** After a failed decode the cells that it was to write are unknown: those slots start empty. */
  #failAll(slots: readonly Slot[], code: number): void {
    for (const slot of slots) {
      this.#cache.clear(slot);
      this.#abort(slot, workOf(slot)!, undecodable(code));
    }
  }

  #fail(id: number, error: AppError): void {
    const kind = error.kind === "bad_request" || error.kind === "cancelled" ? error.kind : "engine";
    this.#send({ type: "error", id, kind, message: error.message });
  }
}
