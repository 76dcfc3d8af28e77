import { describe, expect, test } from "bun:test";
import { LineEditor } from "../../../../../src/cli/repl/editor/line-editor.ts";
import type { Terminal } from "../../../../../src/cli/repl/editor/terminal.ts";
import { openHistory } from "../../../../../src/cli/repl/history.ts";

interface Screen {
  editor: LineEditor;
  type(text: string): void;
  written(): string;
  calls: string[];
}

/** An editor on a terminal that writes down what happens to it. */
function open(earlier: string[] = []): Screen {
  const history = openHistory(undefined, () => {});
  for (const text of earlier) history.add(text);
  const calls: string[] = [];
  let written = "";
  let on: Parameters<Terminal["enter"]>[0] | undefined;
  const terminal: Terminal = {
    hasColor: true,
    columns: () => 80,
    rows: () => 24,
    write: (text) => {
      written += text;
    },
    enter: (handlers) => {
      on = handlers;
    },
    leave: () => calls.push("leave"),
    interrupt: () => calls.push("interrupt"),
    suspend: () => calls.push("suspend"),
    edit: async (text) => `${text} edited\n`,
  };
  return {
    editor: new LineEditor(terminal, history),
    type: (text) => on?.input(text),
    written: () => written,
    calls,
  };
}

describe("a message", () => {
  test.each<[string, string, string]>([
    ["typed", "hello\r", "hello"],
    ["edited in the middle", "hllo\x1b[H\x1b[Ce\r", "hello"],
    ["pasted, lines and all", "\x1b[200~a\nb\x1b[201~ c\r", "a\nb c"],
    ["with Ctrl-J for a new line", "a\nb\r", "a\nb"],
    ["a block, which Enter does not send while it is open", '"""a\rb"""\r', '"""a\nb"""'],
    ["cut and brought back", "one two\x17\x01\x19 \r", "two one "],
    ["older, by the arrow", "\x1b[A\r", "latest"],
    ["the draft again", "dra\x1b[A\x1b[Bft\r", "draft"],
    ["found by searching", "\x12first\r", "the first"],
    ["a search that is given up", "x\x12first\x07\r", "x"],
  ])("%s", async (_, keys, message) => {
    const { editor, type } = open(["the first", "latest"]);
    const read = editor.read(">>> ");
    type(keys);
    expect(await read).toBe(message);
  });

  test("typed and sent before the terminal gave keys one by one, when Enter still was a line break", async () => {
    const { editor, type } = open();
    type("hello\n/bye\nhalf");
    expect(await editor.read(">>> ")).toBe("hello");
    expect(await editor.read(">>> ")).toBe("/bye");
    const read = editor.read(">>> ");
    await Bun.sleep(100);
    type(" a\n");
    type("line\r");
    expect(await read).toBe("half a\nline");
  });

  test("Escape ends a search and keeps what was found", async () => {
    const { editor, type } = open(["the first", "latest"]);
    const read = editor.read(">>> ");
    type("\x12first\x1b");
    await Bun.sleep(100);
    type("!\r");
    expect(await read).toBe("the first!");
  });

  test("several lines of history: up moves within the text first", async () => {
    const { editor, type } = open(["before", "a\nb"]);
    const read = editor.read(">>> ");
    type("\x1b[A\x1b[AX\r");
    expect(await read).toBe("aX\nb");
  });

  test("what was typed before it is asked for, paste included", async () => {
    const { editor, type } = open();
    type("one\r");
    type("\x1b[200~two\nlines\x1b[201~\r");
    expect(await editor.read(">>> ")).toBe("one");
    expect(await editor.read(">>> ")).toBe("two\nlines");
  });
});

describe("keys with a meaning of their own", () => {
  test("Ctrl-C at the prompt tells whether anything was typed", async () => {
    const { editor, type } = open();
    const empty = editor.read(">>> ");
    type("\x03");
    expect(await empty).toEqual({ interrupted: true, empty: true });
    const full = editor.read(">>> ");
    type("abc\x03");
    expect(await full).toEqual({ interrupted: true, empty: false });
  });

  test("while nothing is asked for, Ctrl-C and Ctrl-Z are for what is going on", () => {
    const { type, calls } = open();
    type("x\x03\x1a");
    expect(calls).toEqual(["interrupt", "suspend"]);
  });

  test("Ctrl-D ends an empty line, and deletes in one that is not", async () => {
    const { editor, type } = open();
    const line = editor.read(">>> ");
    type("ab\x01\x04\r");
    expect(await line).toBe("b");
    const end = editor.read(">>> ");
    type("\x04");
    expect(await end).toBeUndefined();
  });

  test("Ctrl-G has the text changed by an editor", async () => {
    const { editor, type } = open();
    const line = editor.read(">>> ");
    type("text\x07");
    await Bun.sleep(0);
    type("!\r");
    expect(await line).toBe("text edited!");
  });

  test("the hint is grey and is not left behind", async () => {
    const { editor, type, written } = open();
    const line = editor.read(">>> ");
    expect(written()).toContain("\x1b[38;5;245mSend a message (/? for help)");
    type("\x03");
    await line;
    expect(written().slice(written().lastIndexOf(">>> "))).not.toContain("Send");
  });
});
