import type { Think } from "../intent/generate.ts";
import type { Message, ToolDefinition } from "../intent/message.ts";
import type { ThinkingTags } from "../prompt/go-template/index.ts";
import type { AnswerStyle } from "./answer-style.ts";
import type { ReadContext } from "./call-syntax.ts";
import { AnyTools, DeclaredTools } from "./declared-tools.ts";
import { Feed, type Reading } from "./feed.ts";
import { HarmonyNames } from "./harmony/names.ts";
import { harmonyPrefill, readHarmony } from "./harmony/reader.ts";
import type { NamedParser } from "./parsers/named-parser.ts";
import { PartWriter, type WriterRules } from "./part-writer.ts";
import type { AnswerPart, AnswerReader } from "./parts.ts";
import { readCalls } from "./read-calls.ts";
import { endsInThinking, ThinkingSplitter } from "./thinking/thinking-splitter.ts";

/** Runs a {@link Reading} over text as it comes. */
class FeedReader implements AnswerReader {
  readonly #feed = new Feed();
  readonly #out: PartWriter;
  readonly #reading: Reading;

  constructor(tools: DeclaredTools, read: (context: ReadContext) => Reading, rules?: WriterRules) {
    this.#out = new PartWriter(this.#feed, rules);
    this.#reading = read({ feed: this.#feed, out: this.#out, tools });
  }

  get held(): number {
    return this.#feed.taken + this.#feed.unread.length - this.#out.decided;
  }

  push(text: string): AnswerPart[] {
    this.#feed.push(text);
    this.#reading.next();
    return this.#out.takeParts();
  }

  end(): AnswerPart[] {
    this.#feed.close();
    this.#reading.next();
    return this.#out.takeParts();
  }
}

/** Takes everything for text. */
const plainReader: AnswerReader = {
  held: 0,
  push: (text) => (text === "" ? [] : [{ type: "text", text }]),
  end: () => [],
};

/** Thinking first; what follows it goes to another reader. */
class ThinkingReader implements AnswerReader {
  readonly #splitter: ThinkingSplitter;
  readonly #content: AnswerReader;

  constructor(tags: ThinkingTags, opened: boolean, content: AnswerReader) {
    this.#splitter = new ThinkingSplitter(tags, opened);
    this.#content = content;
  }

  get held(): number {
    return this.#splitter.held + this.#content.held;
  }

  push(text: string): AnswerPart[] {
    const { thinking, content } = this.#splitter.push(text);
    return [...thought(thinking), ...(content === "" ? [] : this.#content.push(content))];
  }

  end(): AnswerPart[] {
    const { thinking, content } = this.#splitter.end();
    const rest = content === "" ? [] : this.#content.push(content);
    return [...thought(thinking), ...rest, ...this.#content.end()];
  }
}

const thought = (text: string): AnswerPart[] => (text === "" ? [] : [{ type: "thinking", text }]);

export interface ReaderOptions {
  /** Tools that the prompt shows. */
  tools: readonly ToolDefinition[];
  /** How the model has been told to think; undefined: it cannot. */
  think: Think | undefined;
  /** The prompt as the model gets it; its end may have begun the answer. */
  prompt: string;
  /** The last message of the conversation, which the answer may go on with. */
  last?: Message | undefined;
  /** A grammar keeps the answer to a format or to calls, with thinking in front where the model is told to think. Default false. */
  constrained?: boolean;
}

function namedReader(parser: NamedParser, options: ReaderOptions): AnswerReader {
  const { tools, think, last, prompt, constrained = false } = options;
  const known = parser.declaredOnly ? new DeclaredTools(tools) : new AnyTools(tools);
  const opened = parser.tags !== undefined && endsInThinking(prompt, parser.tags);
  const atOnce = constrained && !opened && (think === undefined || think === false);
  const start = { think, last, tools: tools.length > 0, atOnce };
  return new FeedReader(known, (context) => parser.read(context, start), parser.rules);
}

/** A reader for one answer. Undefined: the answer is text and nothing else. */
export function answerReader(style: AnswerStyle, options: ReaderOptions): AnswerReader | undefined {
  if (style.parser !== undefined) return namedReader(style.parser, options);
  const { tools, think, prompt } = options;
  const declared = new DeclaredTools(tools);
  if (style.harmony) {
    const names = new HarmonyNames(tools);
    return new FeedReader(declared, (context) => readHarmony(context, names, harmonyPrefill(prompt)));
  }
  const { reads } = style.calls;
  const content =
    tools.length === 0 ? plainReader : new FeedReader(declared, (context) => readCalls(reads, context));
  const thinking = think !== undefined && think !== false;
  if (thinking && style.thinking !== undefined) {
    return new ThinkingReader(style.thinking, endsInThinking(prompt, style.thinking), content);
  }
  return tools.length === 0 ? undefined : content;
}
