import type { ChatMessage, ShowReply } from "../../client/index.ts";
import { LlameroError, unwrap } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import type { Cli } from "../context.ts";
import { isNotFound } from "../failure.ts";
import { Progress } from "../progress/progress.ts";
import { type Session, switchModel } from "./session.ts";

/** Has the server load the model, so that the first answer does not wait for it. */
export async function preload(
  cli: Cli,
  { model, settings }: Pick<Session, "model" | "settings">,
): Promise<void> {
  using progress = new Progress(cli.stderr, cli.now);
  progress.status("");
  const { keepAlive } = settings;
  try {
    const request = {
      model,
      stream: false,
      ...defined({ keep_alive: keepAlive }),
    } as const;
    unwrap(await cli.client.api.generate.post(request));
  } finally {
    progress.clear();
  }
}

/** `/load MODEL`: another model and a new conversation; both stay as they were when it is not there or does not load. */
export async function loadModelOrSession(cli: Cli, session: Session, args: readonly string[]): Promise<void> {
  const [model] = args;
  if (model === undefined || args.length > 1) return cli.stdout.write("Usage:\n  /load <modelname>\n");
  cli.stdout.write(`Loading model '${model}'\n`);
  const report = await reportOn(cli, model);
  if (report === undefined) return cli.stdout.write(`Couldn't find model '${model}'\n`);
  await preload(cli, { model, settings: session.settings });
  switchModel(session, model, report);
}

async function reportOn(cli: Cli, model: string): Promise<ShowReply | undefined> {
  try {
    return unwrap(await cli.client.api.show.post({ model }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return undefined;
  }
}

/** `/save MODEL`: a model with the session's system message, parameters and conversation on top of the current one. */
export async function save(cli: Cli, session: Session, args: readonly string[]): Promise<void> {
  const [model] = args;
  if (model === undefined || args.length > 1) return cli.stdout.write("Usage:\n  /save <modelname>\n");
  const messages = conversation(session);
  try {
    const created = await cli.client.api.create.post({
      model,
      stream: false,
      from: session.model,
      ...defined({ system: session.system }),
      ...(Object.keys(session.options).length > 0 ? { parameters: session.options } : {}),
      ...(messages.length > 0 ? { messages } : {}),
    });
    unwrap(created);
  } catch (error) {
    if (!(error instanceof LlameroError) || error.message !== "invalid model name") throw error;
    return cli.stdout.write(`error: The model name '${model}' is invalid\n`);
  }
  cli.stdout.write(`Created new model '${model}'\n`);
}

/** The model's own messages and the session's; a system message is saved as such. */
function conversation({ report, messages }: Session): ChatMessage[] {
  const own = messages.filter(({ role }) => role !== "system");
  return own.length > 0 ? [...(report.messages ?? []), ...own] : [];
}
