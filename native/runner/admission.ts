import type { RunnerDecide, RunnerGenerate } from "../../src/engine/protocol.ts";
import type { CacheReport } from "../../src/intent/cache.ts";
import { PromptCache, type PromptCacheOptions } from "./cache/prompt-cache.ts";
import { type CellRow, rowOf } from "./cell-row.ts";
import type { Slot } from "./slot.ts";

/** A request without a slot. */
interface Waiting {
  request: RunnerDecide | RunnerGenerate;
  row: CellRow;
  /** A cached prompt that its own begins with is being read from the disk. */
  reading: boolean;
}

/** A request, and the idle slot that holds as much of its prompt as is cached. */
export interface Admitted extends Omit<Waiting, "reading"> {
  slot: Slot;
  report: CacheReport;
}

/** Requests that wait for a slot, in order of arrival; one that waits for the disk lets others pass. */
export class AdmissionQueue {
  readonly prompts: PromptCache;
  readonly #queue: Waiting[] = [];

  /** @param wake called when a request need not wait for the disk any more. */
  constructor(options: Omit<PromptCacheOptions, "onRead">, wake: () => void) {
    const onRead = () => {
      for (const waiting of this.#queue) waiting.reading = false;
      wake();
    };
    this.prompts = new PromptCache({ ...options, onRead });
  }

  /** No request waits for anything but the disk. */
  get idle(): boolean {
    return this.#queue.every(({ reading }) => reading);
  }

  add(request: RunnerDecide | RunnerGenerate): void {
    this.#queue.push({ request, row: rowOf(request.prompt), reading: false });
  }

  /** @returns true when it waited. */
  cancel(id: number): boolean {
    const at = this.#queue.findIndex(({ request }) => request.id === id);
    if (at !== -1) this.#queue.splice(at, 1);
    return at !== -1;
  }

  /**
   * Hands out the idle slots. At most one state is saved or restored, so that no step waits for more.
   * @returns true when that was done, and somebody still waits.
   */
  run(start: (admitted: Admitted) => void): boolean {
    for (const waiting of [...this.#queue]) {
      if (waiting.reading) continue;
      const { request, row } = waiting;
      const claim = this.prompts.claim(sought(request, row), request.salt ?? "");
      if (claim.type === "full" || claim.type === "moved") return claim.type === "moved";
      waiting.reading = claim.type === "reading";
      if (claim.type !== "ready") continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      start({ request, row, slot: claim.slot, report: claim.report });
    }
    if (this.#queue.length === 0) this.prompts.letGo();
    return false;
  }
}

/**
 * The cells that are looked for in the cache: at most all but the last one. A decision's prompt is looked for with the first token of a
 * question behind it.
 */
const sought = (request: RunnerDecide | RunnerGenerate, row: CellRow): CellRow =>
  request.type === "generate" ? row : { ...row, cells: [...row.cells, request.questions[0]?.tokens[0] ?? 0] };
