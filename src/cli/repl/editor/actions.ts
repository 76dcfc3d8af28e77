import * as edit from "./edit-buffer.ts";

/** Effects of a key on more than the text: on the terminal, the history, or the caller that waits for the line. */
export type EditorEffect =
  | "submit"
  | "newline"
  | "indent"
  | "yank"
  | "up"
  | "down"
  | "older"
  | "newer"
  | "search"
  | "interrupt"
  | "delete"
  | "clear"
  | "suspend"
  | "edit";

/** The effect of a key. `keeps`: Ctrl-Y brings back the text that was cut. */
export type Action =
  | { move(buffer: edit.EditBuffer): edit.EditBuffer }
  | { cut(buffer: edit.EditBuffer): edit.Cut; keeps: boolean }
  | { effect: EditorEffect };

const ACTIONS: Record<string, Action> = {
  left: { move: edit.left },
  "ctrl-b": { move: edit.left },
  right: { move: edit.right },
  "ctrl-f": { move: edit.right },
  home: { move: edit.lineStart },
  "ctrl-a": { move: edit.lineStart },
  end: { move: edit.lineEnd },
  "ctrl-e": { move: edit.lineEnd },
  "alt-b": { move: edit.wordLeft },
  "ctrl-left": { move: edit.wordLeft },
  "alt-left": { move: edit.wordLeft },
  "alt-f": { move: edit.wordRight },
  "ctrl-right": { move: edit.wordRight },
  "alt-right": { move: edit.wordRight },
  backspace: { cut: edit.backspace, keeps: false },
  delete: { cut: edit.deleteForward, keeps: false },
  "ctrl-w": { cut: edit.deleteWordLeft, keeps: true },
  "alt-backspace": { cut: edit.deleteWordLeft, keeps: true },
  "alt-d": { cut: edit.deleteWordRight, keeps: true },
  "ctrl-u": { cut: edit.deleteToLineStart, keeps: true },
  "ctrl-k": { cut: edit.deleteToLineEnd, keeps: true },
  "ctrl-y": { effect: "yank" },
  enter: { effect: "submit" },
  "ctrl-j": { effect: "newline" },
  "alt-enter": { effect: "newline" },
  tab: { effect: "indent" },
  up: { effect: "up" },
  down: { effect: "down" },
  "ctrl-p": { effect: "older" },
  "ctrl-n": { effect: "newer" },
  "ctrl-r": { effect: "search" },
  "ctrl-c": { effect: "interrupt" },
  "ctrl-d": { effect: "delete" },
  "ctrl-l": { effect: "clear" },
  "ctrl-z": { effect: "suspend" },
  "ctrl-g": { effect: "edit" },
};

/** @param name of a key, as `keys.ts` gives it. */
export const actionOf = (name: string): Action | undefined =>
  Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
