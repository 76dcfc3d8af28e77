import { describe, expect, test } from "bun:test";
import type { Instruction } from "../../../src/modelfile/instruction.ts";
import { parseModelfile } from "../../../src/modelfile/parse.ts";

const INVALID_COMMAND =
  'command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"';
const INVALID_ROLE = 'message role must be one of "system", "user", or "assistant"';

const values = (text: string): string[] =>
  parseModelfile(text).map((each) => (each.type === "message" ? each.content : each.value));
const systemOf = (text: string): string | undefined => values(`FROM x\n${text}`)[1];

describe("what each command becomes", () => {
  test("the example with every feature", () => {
    const text = [
      "# comment",
      "FROM ./model.gguf",
      "ADAPTER ./lora.gguf",
      "DRAFT ./draft.gguf",
      "RENDERER qwen3-coder",
      "PARSER qwen3-coder",
      "PARAMETER temperature 0.2",
      'PARAMETER stop "<|end|>"',
      'SYSTEM """',
      'You are "terse".',
      '"""',
      "TEMPLATE {{ .Prompt }}",
      "MESSAGE user hi",
      "MESSAGE assistant hello: you",
      "LICENSE MIT",
      "REQUIRES 0.14.0",
    ].join("\n");
    const expected: Instruction[] = [
      { type: "from", value: "./model.gguf" },
      { type: "adapter", value: "./lora.gguf" },
      { type: "draft", value: "./draft.gguf" },
      { type: "renderer", value: "qwen3-coder" },
      { type: "parser", value: "qwen3-coder" },
      { type: "parameter", key: "temperature", value: "0.2" },
      { type: "parameter", key: "stop", value: "<|end|>" },
      { type: "system", value: '\nYou are "terse".\n' },
      { type: "template", value: "{{ .Prompt }}" },
      { type: "message", role: "user", content: "hi" },
      { type: "message", role: "assistant", content: "hello: you" },
      { type: "license", value: "MIT" },
      { type: "requires", value: "0.14.0" },
    ];
    expect(parseModelfile(text)).toEqual(expected);
  });

  test.each([
    ["any case", "from a\nFrOm b", ["a", "b"]],
    ["blanks before and after", " \t FROM \t a \t\n", ["a"]],
    ["any order", "SYSTEM s\nFROM a", ["s", "a"]],
    ["no newline at the end", "FROM a", ["a"]],
    ["carriage returns end lines", "FROM a\rSYSTEM s\r\nLICENSE l", ["a", "s", "l"]],
    ["comments and empty lines", "\n# one\n  # two\r\n\nFROM a\n#", ["a"]],
    ["no trailing comments", "FROM a # b", ["a # b"]],
    ["invisible characters before a command", "\u200b\ufeff\u0000FROM a", ["a"]],
    ["several blanks before a name", "FROM a\nPARAMETER  \t stop   s\nMESSAGE   user   hi", ["a", "s", "hi"]],
  ])("%s", (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });
});

describe("values", () => {
  test.each([
    ["bare, trimmed", "SYSTEM  a b \t", "a b"],
    ["bare with quotes inside", `SYSTEM it's "so"`, `it's "so"`],
    ["single-quoted is bare", "SYSTEM 'x'", "'x'"],
    ["backslashes are text", "SYSTEM a\\", "a\\"],
    ["quoted", 'SYSTEM "  a  "  ', "  a  "],
    ["quoted over lines", 'SYSTEM "a\nb"', "a\nb"],
    ["quoted with CRLF inside", 'SYSTEM "a\r\nb"', "a\r\nb"],
    ["triple-quoted", 'SYSTEM """\na "b" c\n"""', '\na "b" c\n'],
    ["inner quotes are not special", 'SYSTEM "a "b" c"', 'a "b" c'],
    ["empty quotes", 'SYSTEM ""', ""],
    ["empty triple quotes", 'SYSTEM """"""', ""],
    ["nothing after the blank", "SYSTEM \nLICENSE x", ""],
    ["five quotes stay open", 'SYSTEM """""\n"""', '""\n'],
    ["hash inside quotes", 'SYSTEM "\n# no comment\n"', "\n# no comment\n"],
    ["joiners and no-break spaces are kept", "SYSTEM 👩‍💻 a\u00a0b", "👩‍💻 a\u00a0b"],
    ["heredoc", "SYSTEM <<END\na\n END\nEND x\nEND\nLICENSE x", "a\n END\nEND x"],
    ["empty heredoc", "SYSTEM <<END\nEND", ""],
    ["heredoc with CRLF", "SYSTEM <<END\r\na\r\nEND\r\n", "a"],
  ])("%s", (_, text, expected) => {
    expect(systemOf(text)).toBe(expected);
  });

  test("an unclosed heredoc is a bare value, as Ollama reads it", () => {
    expect(values("FROM x\nSYSTEM <<END\nLICENSE l")).toEqual(["x", "<<END", "l"]);
  });
});

describe("errors", () => {
  test.each([
    ["", "no FROM line"],
    ["# FROM x", "no FROM line"],
    ["SYSTEM x", "no FROM line"],
    ["BOGUS x", `(line 1): ${INVALID_COMMAND}`],
    ["FROM x\n\nBOGUS x", `(line 3): ${INVALID_COMMAND}`],
    ["FROM x\r\n\r\nBOGUS x", `(line 3): ${INVALID_COMMAND}`],
    ["FROM x\rBOGUS x", `(line 2): ${INVALID_COMMAND}`],
    ["BOGUS\nFROM x", `(line 2): ${INVALID_COMMAND}`],
    ["SYSTEM\r\nFROM x", `(line 2): ${INVALID_COMMAND}`],
    ["FRO-M x", `(line 1): ${INVALID_COMMAND}`],
    ["1FROM x", `(line 1): ${INVALID_COMMAND}`],
    ['FROM x\nSYSTEM """\na\n"""\nBOGUS x', `(line 5): ${INVALID_COMMAND}`],
    ["FROM x\nMESSAGE tool x", `(line 2): ${INVALID_ROLE}`],
    ["FROM x\nMESSAGE User x", `(line 2): ${INVALID_ROLE}`],
    ["FROM", "unexpected EOF"],
    ["FROM x\nPARAMETER num_ctx", "unexpected EOF"],
    ["FROM x\nMESSAGE user", "unexpected EOF"],
    ['FROM x\nSYSTEM "hi" there\nLICENSE x', "unexpected EOF"],
    ['FROM x\nSYSTEM """a"', "unexpected EOF"],
    ["FROM x\nPARAMETER num_ctx\n", "unexpected EOF: num_ctx"],
    ["FROM x\nPARAMETER num-ctx 1", "unexpected EOF: num"],
    ["FROM x\nMESSAGE user\nhi", "unexpected EOF: user"],
  ])("%j", (text, message) => {
    expect(() => parseModelfile(text)).toThrow(new Error(message));
  });
});
