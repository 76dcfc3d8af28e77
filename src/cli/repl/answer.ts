import type { AnswerMetrics, ChatMessage, ChatRequest } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import type { Cli } from "../context.ts";
import { reasonOf } from "../failure.ts";
import { AnswerWriter } from "../run/answer-writer.ts";
import { attachMedia } from "../run/media.ts";
import { statisticsText } from "../run/statistics.ts";
import { Waiting } from "../run/waiting.ts";
import type { Session } from "./session.ts";

/**
 * Sends a message with the conversation so far and prints the answer. Only a complete answer becomes part of the conversation:
 * after Ctrl-C, or an error of the server, the message is taken back, so that it can be sent again.
 */
export async function answer(cli: Cli, session: Session, content: string): Promise<void> {
  const message = await userMessage(cli, session, content);
  if (message === undefined) return;
  const before = session.messages.length;
  session.messages.push(message);
  const abort = new AbortController();
  const release = cli.onInterrupt(() => abort.abort());
  try {
    const { message: answer, last } = await stream(cli, session, abort.signal);
    session.messages.push(answer);
    cli.stdout.write("\n\n");
    if (session.settings.verbose) cli.stderr.write(statisticsText(last));
  } catch (error) {
    session.messages.length = before;
    cli.stdout.write("\n");
    if (!abort.signal.aborted) cli.stderr.write(`error: ${reasonOf(cli, error)}\n\n`);
  } finally {
    release();
  }
}

/** The message with the files that it names; undefined, with the reason on the terminal, when one cannot be sent. */
async function userMessage(cli: Cli, session: Session, content: string): Promise<ChatMessage | undefined> {
  try {
    const { prompt, images, notes } = await attachMedia(content, session.model, session.report);
    for (const note of notes) cli.stderr.write(`${note}\n`);
    return { role: "user", content: prompt, ...(images.length > 0 && { images }) };
  } catch (error) {
    cli.stderr.write(`error: ${reasonOf(cli, error)}\n\n`);
    return undefined;
  }
}

async function stream(
  cli: Cli,
  session: Session,
  signal: AbortSignal,
): Promise<{ message: ChatMessage; last: AnswerMetrics }> {
  const writer = new AnswerWriter(cli.stdout, session.settings);
  using waiting = new Waiting(cli);
  let content = "";
  let thinking = "";
  let last: AnswerMetrics | undefined;
  try {
    for await (const chunk of cli.client.chat(requestOf(session), { signal })) {
      waiting[Symbol.dispose]();
      thinking += chunk.message.thinking ?? "";
      content += chunk.message.content;
      writer.thinking(chunk.message.thinking ?? "");
      writer.text(chunk.message.content);
      writer.toolCalls(chunk.message.tool_calls ?? []);
      if (chunk.done) last = chunk;
    }
  } finally {
    waiting[Symbol.dispose]();
    writer.end();
  }
  if (last === undefined) throw new Error("the server sent no answer");
  return { message: { role: "assistant", content, ...(thinking === "" ? {} : { thinking }) }, last };
}

function requestOf({ model, messages, options, settings }: Session): ChatRequest {
  return {
    model,
    messages,
    options,
    ...defined({ format: settings.format, keep_alive: settings.keepAlive, think: settings.think }),
  };
}
