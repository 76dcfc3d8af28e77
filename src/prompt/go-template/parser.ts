import type { BranchNode, CallNode, GoTemplate, ListNode, StatementNode } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { GoTemplateError } from "./error.ts";
import { tokenize } from "./lexer.ts";
import { PipelineParser } from "./parse-pipeline.ts";
import { goQuote, unquote } from "./quote.ts";
import type { Token } from "./token.ts";

/** Nesting of control structures (`else if` counts as one) that is still parsed. Go has no limit; JavaScript's stack has. */
const MAX_NESTING = 500;

/** Longest template, in UTF-16 units; the longest known ones have a tenth of it. Go has no limit. */
const MAX_TEMPLATE = 256 * 1024;

type Ending = { type: "end" | "else" };

/**
 * Parses a template as Go's `text/template` does, in time linear in its length.
 * @throws GoTemplateError with Go's text, e.g. `template: :1: unclosed action`; never anything else.
 */
export function parseGoTemplate(text: string): GoTemplate {
  if (text.length > MAX_TEMPLATE) throw new GoTemplateError(`template: more than ${MAX_TEMPLATE} characters`);
  const definitions = new Map<string, ListNode>();
  const parser = new Parser(new Cursor(tokenize(text)), definitions);
  const root = parser.document();
  return { text, root, definitions };
}

class Parser {
  readonly #cursor: Cursor;
  readonly #definitions: Map<string, ListNode>;
  #pipelines: PipelineParser;
  #loops = 0;
  #nesting = 0;

  constructor(cursor: Cursor, definitions: Map<string, ListNode>) {
    this.#cursor = cursor;
    this.#definitions = definitions;
    this.#pipelines = new PipelineParser(cursor);
  }

  document(): ListNode {
    const root: ListNode = { type: "list", pos: this.#cursor.peek().pos, nodes: [] };
    while (this.#cursor.peek().type !== "eof") {
      const statement = this.#isDefine() ? this.#definition() : this.#statement();
      if (statement === undefined) continue;
      if (isEnding(statement)) this.#cursor.fail(`unexpected {{${statement.type}}}`);
      root.nodes.push(statement);
    }
    return root;
  }

  #isDefine(): boolean {
    if (this.#cursor.peek().type !== "leftDelim") return false;
    const ahead = this.#cursor.peek(1).type === "space" ? 2 : 1;
    return this.#cursor.peek(ahead).type === "define";
  }

  #definition(): undefined {
    this.#cursor.take();
    this.#cursor.takeNonSpace();
    const token = this.#cursor.takeNonSpace();
    const name = this.#templateName(token, "define clause");
    this.#cursor.expect("rightDelim", "define clause");
    this.#define(name, "define clause");
  }

  /** The body of `define` or `block`: a scope of its own, outside any loop. Go blames a stray `else` on the line of the `block`. */
  #define(name: string, context: string): void {
    const start = this.#cursor.line;
    const outer = { pipelines: this.#pipelines, loops: this.#loops, line: this.#cursor.actionLine };
    this.#pipelines = new PipelineParser(this.#cursor);
    this.#loops = 0;
    this.#cursor.actionLine = 0;
    const { list, ending } = this.#list();
    if (ending.type !== "end") {
      this.#cursor.fail(
        `unexpected {{${ending.type}}} in ${context}`,
        context === "block clause" ? start : undefined,
      );
    }
    const earlier = this.#definitions.get(name);
    if (earlier === undefined || isBlank(earlier)) this.#definitions.set(name, list);
    else if (!isBlank(list)) this.#cursor.fail(`template: multiple definition of template ${goQuote(name)}`);
    this.#pipelines = outer.pipelines;
    this.#loops = outer.loops;
    this.#cursor.actionLine = outer.line;
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "rawString") return this.#cursor.unexpected(token, context);
    return this.#cursor.located(() => unquote(token.text));
  }

  /** Statements up to `end` or `else`. */
  #list(): { list: ListNode; ending: Ending } {
    const list: ListNode = { type: "list", pos: this.#cursor.peekNonSpace().pos, nodes: [] };
    while (this.#cursor.peekNonSpace().type !== "eof") {
      const statement = this.#statement();
      if (isEnding(statement)) return { list, ending: statement };
      list.nodes.push(statement);
    }
    return this.#cursor.fail("unexpected EOF");
  }

  #statement(): StatementNode | Ending {
    const token = this.#cursor.takeNonSpace();
    if (token.type === "text") return { type: "text", pos: token.pos, text: token.text };
    if (token.type !== "leftDelim") return this.#cursor.unexpected(token, "input");
    this.#cursor.actionLine = token.line;
    const statement = this.#action();
    this.#cursor.actionLine = 0;
    return statement;
  }

  #action(): StatementNode | Ending {
    const token = this.#cursor.peekNonSpace();
    switch (token.type) {
      case "if":
      case "with":
      case "range":
        this.#cursor.take();
        return this.#branch(token.type);
      case "else":
        this.#cursor.take();
        return this.#else();
      case "end":
        this.#cursor.take();
        this.#cursor.expect("rightDelim", "end");
        return { type: "end" };
      case "break":
      case "continue":
        return this.#loopControl(this.#cursor.take(), token.type);
      case "block":
        this.#cursor.take();
        return this.#block();
      case "template":
        this.#cursor.take();
        return this.#call();
      default:
        return { type: "action", pos: token.pos, pipe: this.#pipelines.pipeline("command", "rightDelim") };
    }
  }

  /** `else if` and `else with` leave their keyword for {@link #branch} to see. */
  #else(): Ending {
    const next = this.#cursor.peekNonSpace().type;
    if (next !== "if" && next !== "with") this.#cursor.expect("rightDelim", "else");
    return { type: "else" };
  }

  #loopControl(token: Token, type: "break" | "continue"): StatementNode {
    const close = this.#cursor.takeNonSpace();
    if (close.type !== "rightDelim") this.#cursor.unexpected(close, `{{${type}}}`);
    if (this.#loops === 0) this.#cursor.fail(`{{${type}}} outside {{range}}`);
    return { type, pos: token.pos };
  }

  #branch(type: BranchNode["type"]): BranchNode {
    this.#descend();
    const scope = this.#pipelines.scope;
    const visible = scope.size;
    const pipe = this.#pipelines.pipeline(type, "rightDelim");
    if (type === "range") this.#loops++;
    const { list: body, ending } = this.#list();
    if (type === "range") this.#loops--;
    const otherwise = ending.type === "else" ? this.#otherwise(type) : undefined;
    scope.shrink(visible);
    this.#nesting--;
    return { type, pos: pipe.pos, pipe, body, otherwise };
  }

  #otherwise(type: BranchNode["type"]): ListNode {
    const next = this.#cursor.peek();
    if (type !== "range" && next.type === type) {
      this.#cursor.take();
      const branch = this.#branch(type);
      return { type: "list", pos: next.pos, nodes: [branch] };
    }
    const { list, ending } = this.#list();
    if (ending.type !== "end") this.#cursor.fail(`expected end; found {{${ending.type}}}`);
    return list;
  }

  #block(): CallNode {
    const token = this.#cursor.takeNonSpace();
    const name = this.#templateName(token, "block clause");
    const pipe = this.#pipelines.pipeline("block clause", "rightDelim");
    this.#descend();
    this.#define(name, "block clause");
    this.#nesting--;
    return { type: "template", pos: token.pos, name, pipe };
  }

  #descend(): void {
    if (++this.#nesting > MAX_NESTING) this.#cursor.fail("max nesting depth exceeded");
  }

  #call(): CallNode {
    const token = this.#cursor.takeNonSpace();
    const name = this.#templateName(token, "template clause");
    if (this.#cursor.peekNonSpace().type === "rightDelim") {
      this.#cursor.take();
      return { type: "template", pos: token.pos, name, pipe: undefined };
    }
    const pipe = this.#pipelines.pipeline("template clause", "rightDelim");
    return { type: "template", pos: token.pos, name, pipe };
  }
}

const isEnding = (statement: StatementNode | Ending): statement is Ending =>
  statement.type === "end" || statement.type === "else";

/** Nothing but space: such a definition may be replaced, and replaces nothing. */
const isBlank = (list: ListNode): boolean =>
  list.nodes.every((node) => node.type === "text" && node.text.trim() === "");
