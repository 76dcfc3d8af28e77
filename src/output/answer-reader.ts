import type { ToolDefinition } from "../intent/message.ts";
import type { ThinkingTags } from "../prompt/go-template/index.ts";
import type { AnswerStyle } from "./answer-style.ts";
import type { ReadContext } from "./call-syntax.ts";
import { DeclaredTools } from "./declared-tools.ts";
import { Feed, type Reading } from "./feed.ts";
import { HarmonyNames } from "./harmony/names.ts";
import { harmonyPrefill, readHarmony } from "./harmony/reader.ts";
import { PartWriter } from "./part-writer.ts";
import type { AnswerPart, AnswerReader } from "./parts.ts";
import { readCalls } from "./read-calls.ts";
import { endsInThinking, ThinkingSplitter } from "./thinking/thinking-splitter.ts";

/** Runs a {@link Reading} over text as it comes. */
class FeedReader implements AnswerReader {
  readonly #feed = new Feed();
  readonly #out = new PartWriter(this.#feed);
  readonly #reading: Reading;

  constructor(tools: readonly ToolDefinition[], read: (context: ReadContext) => Reading) {
    this.#reading = read({ feed: this.#feed, out: this.#out, tools: new DeclaredTools(tools) });
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
  /** Thinking is to be told from content. */
  thinking: boolean;
  /** As the model gets it: it may have begun the answer. */
  prompt: string;
}

/** A reader for one answer. Undefined: there is nothing in it but text. */
export function answerReader(style: AnswerStyle, options: ReaderOptions): AnswerReader | undefined {
  const { tools, thinking, prompt } = options;
  if (style.harmony) {
    const names = new HarmonyNames(tools);
    return new FeedReader(tools, (context) => readHarmony(context, names, harmonyPrefill(prompt)));
  }
  const { reads } = style.calls;
  const content =
    tools.length === 0 ? plainReader : new FeedReader(tools, (context) => readCalls(reads, context));
  if (thinking && style.thinking !== undefined) {
    return new ThinkingReader(style.thinking, endsInThinking(prompt, style.thinking), content);
  }
  return tools.length === 0 ? undefined : content;
}
