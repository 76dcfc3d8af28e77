/** Reads the user's input: a line, or a text of several lines. */
export interface LineReader {
  /**
   * @returns the text without its last newline; `interrupted` after Ctrl-C; undefined at the end of input (Ctrl-D).
   */
  read(prompt: string): Promise<string | Interrupted | undefined>;
}

/** Ctrl-C at the prompt; `empty` when nothing had been typed. */
export interface Interrupted {
  interrupted: true;
  empty: boolean;
}
