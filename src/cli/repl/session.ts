import type { ChatMessage, ShowReply, ThinkValue } from "../../client/index.ts";
import type { ParsedParameters } from "../../modelfile/parameters.ts";
import type { RunSettings } from "../run/settings.ts";

/** Everything that a conversation remembers between two lines of input. */
export interface Session {
  model: string;
  /** The report of `show` on the model. */
  report: ShowReply;
  messages: ChatMessage[];
  /** Set by `/set parameter`. */
  options: ParsedParameters;
  /** Set by `/set system`; survives `/clear`. */
  system?: string;
  settings: RunSettings;
  savesHistory: boolean;
}

export function createSession(model: string, report: ShowReply, settings: RunSettings): Session {
  return { model, report, messages: [], options: {}, settings: { ...settings }, savesHistory: true };
}

/** Switches to another model, without the conversation; settings stay, the system message too. Thinking is decided anew. */
export function switchModel(session: Session, model: string, report: ShowReply): void {
  session.model = model;
  session.report = report;
  clearMessages(session);
  delete session.settings.think;
  if (canThink(report)) session.settings.think = true;
}

export function canThink(report: ShowReply): boolean {
  return report.capabilities?.includes("thinking") === true;
}

/** Forgets the conversation and keeps the system message. */
export function clearMessages(session: Session): void {
  session.messages = session.system === undefined ? [] : [{ role: "system", content: session.system }];
}

/** A system message behind another one replaces it. */
export function setSystem(session: Session, content: string): void {
  if (session.messages.at(-1)?.role === "system") session.messages.pop();
  session.messages.push({ role: "system", content });
  session.system = content;
}

/** @param think undefined: the server decides. */
export function setThink(session: Session, think: ThinkValue | undefined): void {
  if (think === undefined) delete session.settings.think;
  else session.settings.think = think;
}
