import type { AnswerMetrics, ThinkValue } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import type { Cli } from "../context.ts";
import { withStatusLine } from "../failure.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { RunSettings } from "./settings.ts";
import { statisticsText } from "./statistics.ts";
import { Waiting } from "./waiting.ts";

/** One prompt to be answered. */
export interface Shot {
  model: string;
  prompt: string;
  /** Base64. */
  images: string[];
}

/** Answers one prompt and ends; an empty one loads the model only. Ctrl-C ends the answer without an error. */
export async function oneShot(
  cli: Cli,
  shot: Shot,
  settings: RunSettings & { think?: ThinkValue },
): Promise<void> {
  const abort = new AbortController();
  const release = cli.onInterrupt(() => abort.abort());
  try {
    const last = await stream(cli, shot, settings, abort.signal);
    if (shot.prompt !== "") cli.stdout.write("\n\n");
    if (settings.verbose && last !== undefined) cli.stderr.write(statisticsText(last));
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    release();
  }
}

async function stream(
  cli: Cli,
  { model, prompt, images }: Shot,
  settings: RunSettings,
  signal: AbortSignal,
): Promise<AnswerMetrics | undefined> {
  const writer = new AnswerWriter(cli.stdout, settings);
  using waiting = new Waiting(cli);
  let last: AnswerMetrics | undefined;
  try {
    const request = {
      model,
      prompt,
      ...(images.length > 0 && { images }),
      ...defined({ format: settings.format, keep_alive: settings.keepAlive, think: settings.think }),
    };
    for await (const chunk of withStatusLine(cli.client.generate(request, { signal }))) {
      if (chunk.response !== "" || chunk.thinking || chunk.done) waiting[Symbol.dispose]();
      writer.thinking(chunk.thinking ?? "");
      writer.text(chunk.response);
      writer.toolCalls(chunk.tool_calls ?? []);
      if (chunk.done) last = chunk;
    }
  } finally {
    waiting[Symbol.dispose]();
    writer.end();
  }
  return last;
}
