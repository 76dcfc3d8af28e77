import type { ReadContext } from "../call-syntax.ts";
import { CUT_TAG, isCutTag } from "../cut-tag.ts";
import type { Reading } from "../feed.ts";
import { TagSet } from "../tag-set.ts";

export interface ThoughtForm {
  /** Texts that end the thinking. */
  ends: readonly string[];
  /** Texts that the thinking may begin with and that are no part of it; the first that comes is left out. */
  skips?: readonly string[];
  /** White space at the beginning of the thinking stays. */
  keepsSpace?: boolean;
  /** White space at the end of the thinking stays. */
  keepsEnd?: boolean;
  /** A tag that the end of the answer has cut off stays. */
  keepsCut?: boolean;
  /** The client does not get the thinking. */
  hidden?: boolean;
}

/** Gives out thinking, holding back the white space that may turn out to be its end. */
class ThoughtSink {
  readonly #show: (text: string) => void;
  #space = "";
  #begun: boolean;

  /** @param begun white space at the beginning is shown too. */
  constructor(begun: boolean, show: (text: string) => void) {
    this.#begun = begun;
    this.#show = show;
  }

  add(text: string): void {
    const shown = this.#begun ? text : text.trimStart();
    if (shown === "") return;
    this.#begun = true;
    const solid = shown.trimEnd();
    if (solid !== "") this.#show(this.#space + solid);
    this.#space = solid === "" ? this.#space + shown : shown.slice(solid.length);
  }

  /** Gives out the white space at the end as well. */
  flush(): void {
    if (this.#space !== "") this.#show(this.#space);
    this.#space = "";
  }
}

/** Leaves out the first of `skips` that comes behind white space. @returns the white space, where none of them comes. */
function* skipOne({ feed }: ReadContext, skips: readonly string[]): Reading<string> {
  const space = yield* feed.space();
  for (const each of skips) if (yield* feed.skip(each)) return "";
  return space;
}

/**
 * Reads thinking, white space around it left out.
 * @returns the text that has ended the thinking; undefined: the answer has ended.
 */
export function* readThought(context: ReadContext, form: ThoughtForm): Reading<string | undefined> {
  const { feed, out } = context;
  const { ends, skips = [], keepsSpace = false, keepsEnd = false, keepsCut = false, hidden = false } = form;
  const sink = new ThoughtSink(keepsSpace, hidden ? () => {} : (text) => out.thinking(text));
  if (skips.length > 0) sink.add(yield* skipOne(context, skips));
  const found = yield* feed.search(new TagSet(ends), (text) => sink.add(text));
  if (found.tag !== undefined) {
    if (keepsEnd) sink.flush();
    return found.tag;
  }
  if (keepsCut || !isCutTag(found.cut)) sink.add(found.cut);
  else out.dropped(CUT_TAG);
  return undefined;
}
