import type { ToolCall } from "../intent/message.ts";
import type { Feed } from "./feed.ts";
import type { AnswerPart } from "./parts.ts";

/** Whether `text`, after a beginning of a line or not, ends where only white space has come on its line. */
function endsAtLineStart(text: string, before: boolean): boolean {
  const newline = text.lastIndexOf("\n");
  return (before || newline >= 0) && text.slice(newline + 1).trim() === "";
}

/** How white space around calls and invalid calls are treated; by default white space is left out, and an invalid call stays as text. */
export interface WriterRules {
  /** White space before a call, and behind it, is a part of the text. */
  keepsSpace?: { before: boolean; behind: boolean };
  /**
   * Which broken calls are left out, with a warning, instead of going out as text: all of them, or only one that the end of the answer
   * has cut off.
   */
  drops?: "broken" | "cut";
}

const NO_SPACE = { before: false, behind: false };

/**
 * Collects the parts that a reader makes of a {@link Feed}. White space in front of a tool call and after it is left out; so it
 * is held back at the end of a text until it is clear what follows.
 */
export class PartWriter {
  readonly #feed: Feed;
  readonly #rules: WriterRules;
  #parts: AnswerPart[] = [];
  #space = "";
  #afterCall = false;
  #lineStart = true;
  #decided = 0;

  constructor(feed: Feed, rules: WriterRules = {}) {
    this.#feed = feed;
    this.#rules = rules;
  }

  /** Has nothing but white space come on this line of the content? */
  get atLineStart(): boolean {
    return this.#lineStart;
  }

  /** Characters at the beginning of the feed whose meaning is decided. */
  get decided(): number {
    return this.#decided;
  }

  /** The parts since the last call. */
  takeParts(): AnswerPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  text(text: string): void {
    const shown = this.#afterCall ? text.trimStart() : text;
    if (shown !== "") {
      this.#afterCall = false;
      this.#lineStart = endsAtLineStart(shown, this.#lineStart);
      this.#show(shown);
    }
    this.#decided = this.#feed.taken - this.#space.length;
  }

  thinking(text: string): void {
    this.#add("thinking", text);
    this.#decided = this.#feed.taken;
  }

  call(call: ToolCall): void {
    this.mark();
    this.#parts.push({ type: "tool_call", call });
  }

  /** Takes a mark out of the text. White space around it goes or stays, as with a call. */
  mark(): void {
    const { before, behind } = this.#rules.keepsSpace ?? NO_SPACE;
    if (before) this.#add("text", this.#space);
    this.#space = "";
    this.#afterCall = !behind;
    this.#lineStart = true;
    this.#decided = this.#feed.taken;
  }

  /** A call that cannot be made stays in the answer as the text that it is, unless the rules leave it out. */
  broken(raw: string, why: string): void {
    const warning = `tool call not understood: ${why}`;
    const { drops } = this.#rules;
    if (drops === "broken" || (drops === "cut" && this.#feed.closed)) {
      this.dropped(warning);
      return;
    }
    this.#lineStart = endsAtLineStart(raw, this.#lineStart);
    this.#afterCall = false;
    this.#parts.push({ type: "text", text: this.#space + raw, warning });
    this.#space = "";
    this.#decided = this.#feed.taken;
  }

  /** Text that is left out, with the white space around it. */
  dropped(warning: string): void {
    this.mark();
    this.#parts.push({ type: "text", text: "", warning });
  }

  /** White space that comes next is no part of the text. */
  skipSpace(): void {
    this.#afterCall = true;
  }

  /** Gives out white space at the very end. */
  end(): void {
    this.#add("text", this.#space);
    this.#space = "";
    this.#decided = this.#feed.taken;
  }

  #show(text: string): void {
    const solid = text.trimEnd();
    const space = text.slice(solid.length);
    if (solid !== "") this.#add("text", this.#space + solid);
    this.#space = solid === "" ? this.#space + space : space;
  }

  /** Texts of one kind that come together go out together. */
  #add(type: "text" | "thinking", text: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === type && !("warning" in last)) last.text += text;
    else if (text !== "") this.#parts.push({ type, text });
  }
}
