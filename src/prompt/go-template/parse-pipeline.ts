import type { ChainNode, CommandNode, FieldNode, OperandNode, PipeNode, VariableNode } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import { nodeText } from "./node-text.ts";
import { parseNumber } from "./number.ts";
import { goQuote, unquote } from "./quote.ts";
import type { Token, TokenType } from "./token.ts";

/** Nesting of parentheses that is still parsed. Go allows 10,000; JavaScript's stack does not. */
const MAX_PARENTHESES = 500;

const OPERAND_START: ReadonlySet<TokenType> = new Set([
  "bool",
  "charConstant",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);
/** Values that nothing can be piped into. */
const NOT_EXECUTABLE: ReadonlySet<OperandNode["type"]> = new Set(["bool", "dot", "nil", "number", "string"]);

/** Parses what stands between the delimiters of an action. Declarations add to `scope`. */
export class PipelineParser {
  readonly #cursor: Cursor;
  readonly scope = new VariableScope();
  #depth = 0;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /**
   * A pipeline up to and including the token `end`.
   * @param context Go's name for this place in its messages.
   */
  pipeline(context: string, end: TokenType): PipeNode {
    const pipe: PipeNode = {
      type: "pipe",
      pos: this.#cursor.peekNonSpace().pos,
      variables: [],
      assigns: false,
      commands: [],
    };
    this.#declarations(pipe, context);
    for (;;) {
      const token = this.#cursor.peekNonSpace();
      if (token.type === end) {
        this.#cursor.take();
        this.#check(pipe, context);
        return pipe;
      }
      if (!OPERAND_START.has(token.type)) this.#cursor.unexpected(this.#cursor.take(), context);
      pipe.commands.push(this.#command());
    }
  }

  /** `$x :=`, `$x =`, and for range `$i, $x :=`. */
  #declarations(pipe: PipeNode, context: string): void {
    while (this.#cursor.peekNonSpace().type === "variable") {
      const variable = this.#cursor.peek();
      const ahead = this.#cursor.peek(1).type === "space" ? 2 : 1;
      const after = this.#cursor.peek(ahead);
      const comma = after.type === "char" && after.text === ",";
      if (after.type !== "assign" && after.type !== "declare" && !comma) return;
      for (let taken = 0; taken <= ahead; taken++) this.#cursor.take();
      pipe.variables.push(variable.text);
      this.scope.declare(variable.text);
      if (!comma) {
        pipe.assigns = after.type === "assign";
        return;
      }
      this.#checkSecondVariable(pipe, context);
    }
  }

  #checkSecondVariable(pipe: PipeNode, context: string): void {
    if (context !== "range" || pipe.variables.length >= 2) {
      this.#cursor.fail(`too many declarations in ${context}`);
    }
    const next = this.#cursor.peekNonSpace().type;
    if (next !== "variable" && next !== "rightDelim" && next !== "rightParen") {
      this.#cursor.fail("range can only initialize variables");
    }
  }

  #check(pipe: PipeNode, context: string): void {
    if (pipe.commands.length === 0) this.#cursor.fail(`missing value for ${context}`);
    for (const [index, command] of pipe.commands.entries()) {
      const first = command.operands[0];
      if (index > 0 && first !== undefined && NOT_EXECUTABLE.has(first.type)) {
        this.#cursor.fail(`non executable command in pipeline stage ${index + 1}`);
      }
    }
  }

  /** Operands separated by space, up to a pipe character (taken) or the end of the pipeline (left). */
  #command(): CommandNode {
    const command: CommandNode = { type: "command", pos: this.#cursor.peekNonSpace().pos, operands: [] };
    for (;;) {
      this.#cursor.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) command.operands.push(operand);
      const token = this.#cursor.peek();
      if (token.type === "rightDelim" || token.type === "rightParen") break;
      this.#cursor.take();
      if (token.type === "space") continue;
      if (token.type === "pipe") break;
      this.#cursor.unexpected(token, "operand");
    }
    if (command.operands.length === 0) this.#cursor.fail("empty command");
    return command;
  }

  /** A term and the fields that follow it without space. */
  #operand(): OperandNode | undefined {
    const term = this.#term();
    if (term === undefined || this.#cursor.peek().type !== "field") return term;
    const pos = this.#cursor.peek().pos;
    const path: string[] = [];
    while (this.#cursor.peek().type === "field") path.push(this.#cursor.take().text.slice(1));
    switch (term.type) {
      case "field":
        return { ...term, pos, path: [...term.path, ...path] } satisfies FieldNode;
      case "variable":
        return { ...term, pos, path: [...term.path, ...path] } satisfies VariableNode;
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#cursor.fail(`unexpected . after term ${goQuote(nodeText(term))}`);
      default:
        return { type: "chain", pos, term, path } satisfies ChainNode;
    }
  }

  #term(): OperandNode | undefined {
    const token = this.#cursor.peekNonSpace();
    if (!OPERAND_START.has(token.type)) return undefined;
    this.#cursor.take();
    const { pos, text } = token;
    switch (token.type) {
      case "dot":
      case "nil":
        return { type: token.type, pos };
      case "bool":
        return { type: "bool", pos, value: text === "true" };
      case "field":
        return { type: "field", pos, path: [text.slice(1)] };
      case "leftParen":
        return this.#parenthesised();
      case "string":
      case "rawString":
        return { type: "string", pos, value: this.#cursor.located(() => unquote(text)), quoted: text };
      case "number":
      case "charConstant":
        return { type: "number", pos, value: this.#cursor.located(() => parseNumber(text)), text };
      default:
        return this.#name(token);
    }
  }

  #name({ type, pos, text }: Token): OperandNode {
    if (type === "variable") {
      if (!this.scope.has(text)) this.#cursor.fail(`undefined variable ${goQuote(text)}`);
      return { type: "variable", pos, name: text, path: [] };
    }
    if (!FUNCTION_NAMES.has(text)) this.#cursor.fail(`function ${goQuote(text)} not defined`);
    return { type: "identifier", pos, name: text };
  }

  #parenthesised(): PipeNode {
    if (this.#depth >= MAX_PARENTHESES) this.#cursor.fail("max expression depth exceeded");
    this.#depth++;
    const pipe = this.pipeline("parenthesized pipeline", "rightParen");
    this.#depth--;
    return pipe;
  }
}

/** The variables that a place in a template may use, `$` always among them. */
class VariableScope {
  readonly #names: string[] = ["$"];
  readonly #counts = new Map<string, number>([["$", 1]]);

  declare(name: string): void {
    this.#names.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  get size(): number {
    return this.#names.length;
  }

  /** Forgets what was declared since the scope had this `size`. */
  shrink(size: number): void {
    for (const name of this.#names.splice(size)) this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }
}
