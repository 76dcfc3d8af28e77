import { unwrap } from "../../client/index.ts";
import type { Cli } from "../context.ts";
import { reasonOf } from "../failure.ts";
import { listTable } from "../list.ts";
import { helpOn } from "./help.ts";
import { loadModelOrSession, save } from "./load-save.ts";
import { clearMessages, type Session } from "./session.ts";
import { setInSession } from "./set.ts";
import { showCommand } from "./show-command.ts";

/**
 * Runs a line that starts with `/` (docs/behaviour: cli §6). The first word must be the command's name as it is; Ollama takes anything
 * that begins with one, so that `/byebye` exits. A failure is printed and the session goes on.
 *
 * @returns `exit` when the session is over.
 */
export async function slash(cli: Cli, session: Session, line: string): Promise<"exit" | "stay"> {
  const [command = "", ...words] = line.trim().split(/\s+/);
  if (command === "/bye" || command === "/exit") return "exit";
  try {
    await perform(cli, session, { command, words, rest: line.trim().slice(command.length).trim() });
  } catch (error) {
    cli.stderr.write(`error: ${reasonOf(cli, error)}\n`);
  }
  return "stay";
}

interface Typed {
  command: string;
  words: string[];
  /** The line behind the command, as typed. */
  rest: string;
}

async function perform(cli: Cli, session: Session, typed: Typed): Promise<void> {
  switch (typed.command) {
    case "/set":
      return setInSession({ cli, session }, typed.rest);
    case "/show":
      return await showCommand(cli, session, typed.words[0]);
    case "/load":
      return await loadModelOrSession(cli, session, typed.words);
    case "/save":
      return await save(cli, session, typed.words);
    case "/list":
      return cli.stdout.write(
        listTable(unwrap(await cli.client.api.tags.get()).models, typed.words[0] ?? "", cli.now()),
      );
    case "/clear":
      clearMessages(session);
      return cli.stdout.write("Cleared session context\n");
    case "/?":
    case "/help":
      return cli.stderr.write(helpOn(typed.words[0]));
    default:
      return cli.stdout.write(`Unknown command '${typed.command}'. Type /? for help\n`);
  }
}
