import { defined } from "../../../lib/defined.ts";
import type { Key } from "./keys.ts";
import type { Recall } from "./recall.ts";

export interface SearchOutcome {
  /** `passed`: the search is over, and the key still has to do what it does. */
  state: "searching" | "over" | "passed";
  /** The text to show; undefined leaves what is shown. */
  found?: string;
}

/** Ctrl-R: looks for the latest earlier text with what is typed in it, and on Ctrl-R again for the one before. */
export class Search {
  readonly #recall: Recall;
  readonly #before: string;
  #query = "";
  #skip = 0;
  #failed = false;

  /** @param before the text that giving up brings back. */
  constructor(recall: Recall, before: string) {
    this.#recall = recall;
    this.#before = before;
  }

  get prompt(): string {
    return `(${this.#failed ? "no match" : "search"}) ${this.#query}: `;
  }

  take(key: Key): SearchOutcome {
    if ("text" in key) return this.#look(this.#query + key.text, 0);
    switch (key.name) {
      case "ctrl-r":
        return this.#look(this.#query, this.#query === "" ? 0 : this.#skip + 1);
      case "backspace":
        return this.#look(this.#query.slice(0, -1), 0);
      case "ctrl-g":
      case "ctrl-c":
        return { state: "over", found: this.#before };
      case "escape":
        // The found line stays, to be changed.
        return { state: "over" };
      default:
        return { state: "passed" };
    }
  }

  #look(query: string, skip: number): SearchOutcome {
    this.#query = query;
    const found = query === "" ? this.#before : this.#recall.search(query, skip);
    this.#failed = found === undefined;
    if (found !== undefined) this.#skip = skip;
    return { state: "searching", ...defined({ found }) };
  }
}
