/** The result of one check of this machine. */
export interface Finding {
  /** What was checked, in a word. */
  check: string;
  /** `warning`: it works, and could be better. */
  verdict: "ok" | "warning" | "bad";
  says: string;
  /** What to do, unless all is well. */
  advice?: string;
}
