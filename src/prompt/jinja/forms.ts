import type { Message } from "../../intent/message.ts";
import { collate, systemText } from "../collate.ts";

/** Forms of conversations that some templates accept and others refuse. */
export interface TakenForms {
  /** The role `developer`, OpenAI's later name of `system`. */
  developerRole: boolean;
  /** System messages at any place, and any number of them. */
  systemAnywhere: boolean;
  /** Two turns of one role in a row. */
  repeatedRoles: boolean;
}

/** All system messages joined into one in front. */
function systemInFront(messages: readonly Message[]): readonly Message[] {
  const system = messages.filter(({ role }) => role === "system");
  const [only] = system;
  if (only === undefined || (system.length === 1 && messages[0] === only)) return messages;
  const images = system.flatMap((message) => message.images ?? []);
  const joined: Message = { ...only, content: systemText(messages), ...(images.length > 0 && { images }) };
  return [joined, ...messages.filter(({ role }) => role !== "system")];
}

const asSystem = (message: Message): Message =>
  message.role === "developer" ? { ...message, role: "system" } : message;

/** A conversation in a form that the template takes; nothing of it is lost. */
export function inTakenForm(
  messages: readonly Message[],
  { developerRole, systemAnywhere, repeatedRoles }: TakenForms,
): readonly Message[] {
  const known = developerRole ? messages : messages.map(asSystem);
  const placed = systemAnywhere ? known : systemInFront(known);
  return repeatedRoles ? placed : collate(placed);
}

/** An empty question in front of the conversation, for templates that look for one: of a cut history only calls and results may be left. */
function withQuestion(messages: readonly Message[]): Message[] {
  const begin = messages.findIndex(({ role }) => role !== "system");
  const at = begin < 0 ? messages.length : begin;
  return [...messages.slice(0, at), { role: "user", content: "" }, ...messages.slice(at)];
}

/** Other forms of a conversation that a template has refused, to be tried in this order. */
export function otherForms(messages: readonly Message[]): readonly Message[][] {
  const strict = collate(systemInFront(messages));
  return [strict, withQuestion(messages), withQuestion(strict)];
}
