import type { ToolCall } from "../../client/index.ts";
import type { Output } from "../context.ts";
import { visible } from "../visible.ts";
import { WordWrap } from "./word-wrap.ts";

const GREY = "\x1b[38;5;245m";
const BOLD = "\x1b[1m";
const RESET = "\x1b[0m";

export interface PrintStyle {
  wordWrap: boolean;
  hideThinking: boolean;
}

/** Prints an answer as it streams: thinking in grey between its two marks, then the text (docs/behaviour: cli §5.3). */
export class AnswerWriter {
  readonly #output: Output;
  readonly #hidesThinking: boolean;
  readonly #wrap: WordWrap | undefined;
  #thinking: "none" | "open" | "closed" = "none";
  #endsWithNewline = true;

  constructor(output: Output, style: PrintStyle) {
    this.#output = output;
    this.#hidesThinking = style.hideThinking;
    this.#wrap = style.wordWrap && output.isTerminal ? new WordWrap(() => output.columns()) : undefined;
  }

  thinking(text: string): void {
    if (text === "" || this.#hidesThinking) return;
    if (this.#thinking !== "open") this.#output.draw(this.#styled("Thinking...\n", GREY + BOLD, GREY));
    this.#thinking = "open";
    this.#write(text);
  }

  text(text: string): void {
    if (text === "") return;
    this.#closeThinking();
    this.#write(text);
  }

  /** A call although no tool was offered. */
  toolCalls(calls: readonly ToolCall[]): void {
    for (const { function: called } of calls) {
      this.text(
        `  Model called a non-existent function '${called.name}()' with arguments: ${JSON.stringify(called.arguments)}\n`,
      );
    }
  }

  /** Leaves the terminal's style as it was. */
  end(): void {
    this.#closeThinking();
  }

  #closeThinking(): void {
    if (this.#thinking !== "open") return;
    this.#thinking = "closed";
    if (!this.#endsWithNewline) this.#write("\n");
    this.#output.draw(this.#styled("...done thinking.\n\n", GREY + BOLD, ""));
  }

  #write(text: string): void {
    this.#endsWithNewline = text.endsWith("\n");
    if (this.#wrap === undefined) this.#output.write(text);
    else this.#output.draw(this.#wrap.push(visible(text)));
  }

  /** `after` is the style that goes on behind the text. */
  #styled(text: string, before: string, after: string): string {
    return this.#output.hasColor ? `${before}${text}${RESET}${after}` : text;
  }
}
