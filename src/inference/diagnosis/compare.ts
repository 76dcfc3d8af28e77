import type { Outline, OutlinedMessage } from "./outline.ts";

/** Where a place in a prompt is, as its client sees it. */
interface Place {
  /** Number of the message, the system messages in front not counted, from 0. */
  message: number;
  /** Bytes of its text before the first that differs. */
  byte: number;
}

/** How a prompt differs from an earlier one. `extends`: it has all of the earlier one, and perhaps more behind it. */
export type Difference =
  | { type: "extends" | "model_changed" | "tools_changed" | "manner_changed" }
  | ({ type: "system_changed"; byte: number } | ({ type: "messages_changed" } & Place));

/** The first difference, in the order in which prompts are put together. */
export function compareOutlines(earlier: Outline, now: Outline): Difference {
  if (earlier.model !== now.model) return { type: "model_changed" };
  const byte = differingByte(earlier.system.join("\n"), now.system.join("\n"));
  if (byte !== undefined) return { type: "system_changed", byte };
  if (earlier.tools !== now.tools) return { type: "tools_changed" };
  if (earlier.manner !== now.manner) return { type: "manner_changed" };
  for (const [message, before] of earlier.messages.entries()) {
    const at = placeIn(before, now.messages[message]);
    if (at !== undefined) return { type: "messages_changed", message, byte: at };
  }
  return { type: "extends" };
}

/** Messages that both begin with, and what part of the next one: the measure of which of two earlier prompts is the nearer one. */
export function commonMessages(earlier: Outline, now: Outline): number {
  const end = Math.min(earlier.messages.length, now.messages.length);
  for (let at = 0; at < end; at++) {
    const [before, after] = [earlier.messages[at]!, now.messages[at]!];
    const byte = placeIn(before, after);
    if (byte !== undefined) return at + byte / (1 + Math.max(Buffer.byteLength(before.text), byte));
  }
  return end;
}

function placeIn(before: OutlinedMessage, after: OutlinedMessage | undefined): number | undefined {
  if (after === undefined || before.role !== after.role) return 0;
  const byte = differingByte(before.text, after.text);
  if (byte !== undefined) return byte;
  return before.rest === after.rest ? undefined : Buffer.byteLength(before.text);
}

/** Bytes before the first difference; undefined when there is none. */
function differingByte(a: string, b: string): number | undefined {
  if (a === b) return undefined;
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return Buffer.byteLength(a.slice(0, at));
}
