import { messageOf } from "../../../lib/errors.ts";
import type { History } from "../history.ts";
import type { Interrupted, LineReader } from "../line-reader.ts";
import { isOpenBlock } from "../read-block.ts";
import { type Action, actionOf, type EditorEffect } from "./actions.ts";
import { bufferOf, type EditBuffer, EMPTY, insert } from "./edit-buffer.ts";
import { type Key, KeyParser } from "./keys.ts";
import { type LayoutInput, layoutOf, offsetInRow } from "./layout.ts";
import { Painter } from "./painter.ts";
import { Recall } from "./recall.ts";
import { Search } from "./search.ts";
import type { Terminal } from "./terminal.ts";

type Result = string | Interrupted | undefined;

/** How long the rest of an escape sequence may take, in milliseconds. */
const ESCAPE_MS = 50;
/** What was typed before the terminal gave keys one by one arrives within so long, in milliseconds. */
const TYPED_AHEAD_MS = 50;
const CONTINUATION = "... ";
const GREY = "\x1b[38;5;245m";
const RESET = "\x1b[0m";

/** The read that is under way. */
interface Reading {
  prompt: string;
  resolve(result: Result): void;
  buffer: EditBuffer;
  recall: Recall;
  search: Search | undefined;
}

/**
 * A {@link LineReader} that edits a text of any number of lines. Enter sends it, except within an open `"""` block; pasted text becomes
 * part of it, line breaks and all. Keys that are typed while nobody reads wait for the next read.
 */
export class LineEditor implements LineReader, Disposable {
  readonly #terminal: Terminal;
  readonly #history: History;
  readonly #painter: Painter;
  readonly #keys = new KeyParser();
  readonly #early: Key[] = [];
  #reading: Reading | undefined;
  #killed = "";
  #ended = false;
  #busy = false;
  #escape: ReturnType<typeof setTimeout> | undefined;
  #typedAhead = true;

  constructor(terminal: Terminal, history: History) {
    this.#terminal = terminal;
    this.#history = history;
    this.#painter = new Painter(terminal);
    terminal.enter({
      input: (chunk) => this.#input(chunk),
      resize: () => this.#paint(),
      resume: () => this.#resume(),
      end: () => this.#end(),
    });
    setTimeout(() => {
      this.#typedAhead = false;
    }, TYPED_AHEAD_MS).unref();
  }

  read(prompt: string): Promise<Result> {
    return new Promise((resolve) => {
      const recall = new Recall(this.#history.texts());
      this.#reading = { prompt, resolve, buffer: EMPTY, recall, search: undefined };
      this.#paint();
      this.#drain();
      if (this.#ended) this.#answer(undefined);
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#escape);
    this.#terminal.leave();
  }

  #input(chunk: string): void {
    clearTimeout(this.#escape);
    this.#takeAll(this.#keys.push(this.#typedAhead ? withEnter(chunk) : chunk));
    if (this.#keys.waits) this.#escape = setTimeout(() => this.#takeAll(this.#keys.giveUp()), ESCAPE_MS);
  }

  #takeAll(keys: readonly Key[]): void {
    for (const key of keys) this.#take(key);
    this.#drain();
  }

  /** Two keys cannot wait for the prompt: they are for what is going on. */
  #take(key: Key): void {
    const idle = this.#reading === undefined;
    if (idle && "name" in key && key.name === "ctrl-c") {
      this.#terminal.interrupt();
    } else if (idle && "name" in key && key.name === "ctrl-z") this.#terminal.suspend();
    else this.#early.push(key);
  }

  /** Performs the typed keys while a read is under way; repaints once for all of them. */
  #drain(): void {
    let painted = true;
    while (this.#reading !== undefined && !this.#busy) {
      const key = this.#early.shift();
      if (key === undefined) break;
      painted = !this.#perform(this.#reading, key);
    }
    if (!painted) this.#paint();
  }

  /** @returns whether the picture has to be painted again. */
  #perform(reading: Reading, key: Key): boolean {
    if (reading.search !== undefined && this.#performSearch(reading, reading.search, key)) return true;
    if ("text" in key) {
      reading.buffer = insert(reading.buffer, key.text);
      return true;
    }
    const action = actionOf(key.name);
    if (action === undefined) return false;
    this.#apply(reading, action);
    return this.#reading === reading;
  }

  /** @returns whether the search has used the key up. */
  #performSearch(reading: Reading, search: Search, key: Key): boolean {
    const outcome = search.take(key);
    if (outcome.found !== undefined) reading.buffer = bufferOf(outcome.found);
    if (outcome.state !== "searching") reading.search = undefined;
    return outcome.state !== "passed";
  }

  #apply(reading: Reading, action: Action): void {
    if ("move" in action) reading.buffer = action.move(reading.buffer);
    else if ("cut" in action) {
      const { buffer, removed } = action.cut(reading.buffer);
      reading.buffer = buffer;
      if (action.keeps && removed !== "") this.#killed = removed;
    } else this.#effect(reading, action.effect);
  }

  #effect(reading: Reading, effect: EditorEffect): void {
    const effects: Record<EditorEffect, () => void> = {
      submit: () => this.#submit(reading),
      newline: () => this.#insert(reading, "\n"),
      indent: () => this.#insert(reading, " ".repeat(8)),
      yank: () => this.#insert(reading, this.#killed),
      up: () => this.#vertical(reading, -1),
      down: () => this.#vertical(reading, 1),
      older: () => this.#show(reading, reading.recall.older(reading.buffer.text)),
      newer: () => this.#show(reading, reading.recall.newer()),
      search: () => {
        reading.search = new Search(reading.recall, reading.buffer.text);
      },
      interrupt: () => this.#leave(reading, { interrupted: true, empty: reading.buffer.text === "" }),
      delete: () => this.#deleteOrEnd(reading),
      clear: () => this.#clear(),
      suspend: () => this.#suspend(),
      edit: () => void this.#edit(reading),
    };
    effects[effect]();
  }

  #insert(reading: Reading, text: string): void {
    reading.buffer = insert(reading.buffer, text);
  }

  #show(reading: Reading, text: string | undefined): void {
    if (text !== undefined) reading.buffer = bufferOf(text);
  }

  /** Within the text by rows; beyond its first and last one through the history. */
  #vertical(reading: Reading, by: -1 | 1): void {
    const cursor = offsetInRow(this.#layoutInput(reading), by);
    if (cursor !== undefined) reading.buffer = { text: reading.buffer.text, cursor };
    else this.#show(reading, by < 0 ? reading.recall.older(reading.buffer.text) : reading.recall.newer());
  }

  #submit(reading: Reading): void {
    if (isOpenBlock(reading.buffer.text)) this.#insert(reading, "\n");
    else this.#leave(reading, reading.buffer.text);
  }

  /** Ctrl-D: the end, or the character under the cursor. */
  #deleteOrEnd(reading: Reading): void {
    if (reading.buffer.text === "") this.#answer(undefined);
    else this.#apply(reading, actionOf("delete")!);
  }

  /** The text stays on the screen as it was sent. */
  #leave(reading: Reading, result: Result): void {
    reading.buffer = bufferOf(reading.buffer.text);
    reading.search = undefined;
    this.#paint({ placeholder: false });
    this.#painter.leave();
    this.#answer(result);
  }

  #answer(result: Result): void {
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.resolve(result);
  }

  #end(): void {
    this.#ended = true;
    this.#answer(undefined);
  }

  #clear(): void {
    this.#terminal.write("\x1b[H\x1b[2J");
    this.#painter.forget();
  }

  #suspend(): void {
    this.#painter.leave();
    this.#terminal.suspend();
  }

  #resume(): void {
    this.#painter.forget();
    this.#paint();
  }

  async #edit(reading: Reading): Promise<void> {
    this.#busy = true;
    this.#painter.leave();
    try {
      reading.buffer = bufferOf((await this.#terminal.edit(reading.buffer.text)).replace(/\n$/, ""));
    } catch (error) {
      this.#terminal.write(`error: ${messageOf(error)}\r\n`);
    }
    this.#busy = false;
    this.#paint();
    this.#drain();
  }

  #paint({ placeholder = true } = {}): void {
    if (this.#reading === undefined || this.#busy) return;
    this.#painter.paint(layoutOf(this.#layoutInput(this.#reading, placeholder)));
  }

  #layoutInput({ prompt, buffer, search }: Reading, placeholder = false): LayoutInput {
    const hint = placeholder && this.#terminal.hasColor ? hintOn(buffer) : undefined;
    return {
      prompt: search?.prompt ?? prompt,
      continuation: CONTINUATION,
      ...buffer,
      columns: this.#terminal.columns(),
      ...(hint && { placeholder: `${GREY}${hint}${RESET}` }),
    };
  }
}

/** A hint what to type next, where users may not know. */
function hintOn({ text, cursor }: EditBuffer): string | undefined {
  if (text === "") return "Send a message (/? for help)";
  if (!text.endsWith("\n") || cursor < text.length) return undefined;
  return isOpenBlock(text) ? 'End with """ and Enter' : "Press Enter to send";
}

/** Until the terminal gives keys one by one, Enter is a line break, as Ctrl-J is afterwards. */
const withEnter = (chunk: string): string => (/[\r\x1b]/.test(chunk) ? chunk : chunk.replaceAll("\n", "\r"));
