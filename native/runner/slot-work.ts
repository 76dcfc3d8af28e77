import type { CellRow } from "./cell-row.ts";

/** The part that all requests in a slot have in common: their prompt is evaluated. */
export interface SlotWork {
  readonly request: { id: number };
  /** Its prompt. */
  readonly row: CellRow;
  /** Most tokens to generate. */
  readonly limit: number;
  /** Cells still to be evaluated: the rest of the prompt, then the token sampled last. */
  pending: number[];
  /** When the prompt had been evaluated; undefined until then. Nanoseconds. */
  promptDoneAt: number | undefined;
}
