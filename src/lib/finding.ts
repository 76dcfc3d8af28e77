/** The result of one check of this machine. */
export interface Finding {
  /** The name of the check, in a word. */
  check: string;
  /** `warning`: it works, and could be better. */
  verdict: "ok" | "warning" | "bad";
  says: string;
  /** The advice, unless all is well. */
  advice?: string;
}
