import type { Notice } from "./generate.ts";

/** Most names that are told, so that the header and the log have room for the number of the others. */
const MAX_NAMED = 7;

/** Most characters of a name, which a client may have made megabytes long. */
const MAX_LENGTH = 100;

/** Names from a request, which may be a great many: a few get a notice each, and the others are counted. */
export class FewNamed {
  readonly #named = new Set<string>();
  #others = 0;

  add(name: string): void {
    const short = name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}…` : name;
    if (this.#named.has(short)) return;
    if (this.#named.size < MAX_NAMED) this.#named.add(short);
    else this.#others++;
  }

  /** @param each makes the notice about one name. @param others makes the notice about so many more. */
  notices(each: (name: string) => Notice, others: (count: number) => Notice): Notice[] {
    const named = [...this.#named].map(each);
    return this.#others === 0 ? named : [...named, others(this.#others)];
  }
}
