import { join } from "node:path";
import type { ShowReply } from "../../client/index.ts";
import type { Cli } from "../context.ts";
import { AnswerWriter } from "../run/answer-writer.ts";
import { beginsWithMedia } from "../run/media.ts";
import type { RunSettings } from "../run/settings.ts";
import { answer } from "./answer.ts";
import { LineEditor } from "./editor/line-editor.ts";
import { processTerminal } from "./editor/process-terminal.ts";
import { type History, openHistory } from "./history.ts";
import type { LineReader } from "./line-reader.ts";
import { preload } from "./load-save.ts";
import { PlainLineReader } from "./plain-line-reader.ts";
import { unquoteBlock } from "./read-block.ts";
import { createSession, type Session } from "./session.ts";
import { slash } from "./slash.ts";

const PROMPT = ">>> ";

/** A conversation on the terminal, until `/bye` or Ctrl-D (docs/behaviour: cli §6). */
export async function converse(
  cli: Cli,
  model: string,
  report: ShowReply,
  settings: RunSettings,
): Promise<void> {
  const session = createSession(model, report, settings);
  const path = cli.config.noHistory ? undefined : join(cli.config.homeDir, "history");
  const history = openHistory(path, (message) => cli.stderr.write(`warning: ${message}\n`));
  await preload(cli, session);
  replay(cli, session);
  using reader = openReader(cli, history);
  await loop(cli, session, reader, history);
}

/** Raw mode is no use where nothing can be redrawn. */
function openReader({ stdout, config }: Cli, history: History): LineReader & Disposable {
  if (!stdout.isTerminal) return new PlainLineReader();
  return new LineEditor(processTerminal(stdout.hasColor, config.editor), history);
}

/** Prints the conversation that the model comes with. */
function replay(cli: Cli, { report, settings }: Session): void {
  for (const { role, content } of report.messages ?? []) {
    if (role === "user") cli.stdout.write(`${PROMPT}${content}\n`);
    if (role !== "assistant") continue;
    new AnswerWriter(cli.stdout, settings).text(content);
    cli.stdout.write("\n\n");
  }
}

/** Reads and answers until the session is over. */
export async function loop(cli: Cli, session: Session, reader: LineReader, history: History): Promise<void> {
  for (;;) {
    const line = await reader.read(PROMPT);
    if (line === undefined) return cli.stdout.write("\n");
    if (typeof line !== "string") {
      if (line.empty) cli.stdout.write("Use Ctrl + d or /bye to exit.\n");
      continue;
    }
    if (session.savesHistory) history.add(line);
    if (line.startsWith("/") && !beginsWithMedia(line)) {
      if ((await slash(cli, session, line)) === "exit") return;
      continue;
    }
    const message = unquoteBlock(line);
    if (message.trim() !== "") await answer(cli, session, message);
  }
}
