import type { ThinkingTags } from "../../prompt/go-template/index.ts";
import { TagMatcher } from "./tag-matcher.ts";

/** A piece of output, divided. Either part may be empty; thinking comes before content. */
export interface SplitText {
  thinking: string;
  content: string;
}

type State = "before" | "opened" | "thinking" | "closed" | "content";

/** Unicode white space, which is what Go's `strings.TrimSpace` takes for it. */
const LEADING_SPACE = /^\p{White_Space}+/u;
const SPACE = /\p{White_Space}/u;

/**
 * Divides streamed output into thinking and content (docs/behaviour: modelfile §6). Thinking is what stands between the tags at the
 * very beginning, white space before, and white space after either tag, left out; all later tags are plain text. Output that
 * begins otherwise is content as it stands. The result does not depend on where the text is cut into pieces.
 *
 * The work is linear in the length of the output. Text that may still become a tag is held back; {@link end} gives it out, which
 * Ollama does not do.
 */
export class ThinkingSplitter {
  readonly #tags: ThinkingTags;
  readonly #closing: TagMatcher;
  #state: State;
  /** Everything so far, while it may still be the beginning of the opening tag. */
  #held = "";
  /** Characters of the opening tag at the end of {@link #held}. */
  #opened = 0;

  /**
   * @param tags neither of them empty, without white space around.
   * @param opened the prompt ends with the opening tag already; see {@link endsInThinking}.
   */
  constructor(tags: ThinkingTags, opened: boolean) {
    this.#tags = tags;
    this.#closing = new TagMatcher(tags.close);
    this.#state = opened ? "opened" : "before";
  }

  /** Characters at the end of what has been pushed that may still become a tag. */
  get held(): number {
    return this.#held.length + this.#closing.held;
  }

  push(text: string): SplitText {
    const split = { thinking: "", content: "" };
    let rest = text;
    if (this.#state === "before") rest = this.#findOpening(rest);
    if (this.#state === "opened") rest = this.#skipSpace(rest, "thinking");
    if (this.#state === "thinking") {
      const found = this.#closing.push(rest);
      split.thinking = found.before;
      rest = found.after ?? "";
      if (found.after !== undefined) this.#state = "closed";
    }
    if (this.#state === "closed") rest = this.#skipSpace(rest, "content");
    if (this.#state === "content") split.content = rest;
    return split;
  }

  /** The text that was held back when the output ended: thinking stays thinking, and the beginning of an opening tag is content. */
  end(): SplitText {
    const thinking = this.#state === "thinking" ? this.#closing.end() : "";
    const content = this.#held;
    this.#held = "";
    this.#state = "content";
    return { thinking, content };
  }

  /** @returns what follows the opening tag, or all held text once it is clear that there is none. */
  #findOpening(text: string): string {
    const { open } = this.#tags;
    for (let i = 0; i < text.length; i++) {
      if (this.#opened === 0 && SPACE.test(text[i] ?? "")) continue;
      if (text[i] !== open[this.#opened]) return this.#leaveBefore("content", this.#held + text);
      this.#opened += 1;
      if (this.#opened === open.length) return this.#leaveBefore("opened", text.slice(i + 1));
    }
    this.#held += text;
    return "";
  }

  #leaveBefore(state: State, rest: string): string {
    this.#held = "";
    this.#state = state;
    return rest;
  }

  #skipSpace(text: string, next: State): string {
    const rest = text.replace(LEADING_SPACE, "");
    if (rest !== "") this.#state = next;
    return rest;
  }
}

/** Has the prompt opened the thinking, so that the output continues it? */
export const endsInThinking = (prompt: string, tags: ThinkingTags): boolean =>
  prompt.trimEnd().endsWith(tags.open);
