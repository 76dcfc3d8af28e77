import type { Canvas } from "./painter.ts";

/** The terminal that a line is edited on. */
export interface Terminal extends Canvas {
  /** May text be grey? */
  readonly hasColor: boolean;
  /** Raw mode and bracketed paste, until `leave`. */
  enter(on: { input(chunk: string): void; resize(): void; resume(): void; end(): void }): void;
  leave(): void;
  /** Ctrl-C while nothing is edited. */
  interrupt(): void;
  /** Ctrl-Z: stops the process until the shell continues it, which calls `resume`. */
  suspend(): void;
  /**
   * Has the user's editor change a text.
   *
   * @throws Error when there is no such editor.
   */
  edit(text: string): Promise<string>;
}
