import type { ToolCall } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { makeCall } from "../call-object.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import { parseJson } from "../parse-json.ts";
import { type BlockCalls, blockSyntax } from "./blocks.ts";

const BEGIN = "<｜tool▁call▁begin｜>";
const END = "<｜tool▁call▁end｜>";
const SEPARATOR = "<｜tool▁sep｜>";
const FENCED = /^```(?:json)?\s*([\s\S]*?)\s*```$/;

/** `name<sep>{…}`, or `function<sep>name` and the arguments in a code fence. */
function partsOf(text: string): { name: string; args: string } {
  const at = text.indexOf(SEPARATOR);
  const head = text.slice(0, at).trim();
  const rest = text.slice(at + SEPARATOR.length).trim();
  if (head !== "function") return { name: head, args: rest };
  const line = rest.indexOf("\n");
  const args = rest.slice(line).trim();
  return { name: rest.slice(0, line).trim(), args: FENCED.exec(args)?.[1] ?? args };
}

function callIn(text: string, tools: DeclaredTools): ToolCall | undefined {
  const { name, args } = partsOf(text);
  const value = parseJson(args)?.value;
  if (!isRecord(value)) return undefined;
  const result = makeCall(name, value, tools);
  return "call" in result ? result.call : undefined;
}

/** Calls up to the first broken one. A call whose end has not come yet may go on, and does not count yet. */
function callsIn(text: string, tools: DeclaredTools): BlockCalls {
  const calls: ToolCall[] = [];
  for (const piece of text.split(BEGIN).slice(1)) {
    const end = piece.indexOf(END);
    const call = end < 0 ? undefined : callIn(piece.slice(0, end), tools);
    if (call === undefined) return { calls, why: end < 0 ? "it is incomplete" : "its JSON is broken" };
    calls.push(call);
  }
  return calls.length > 0 ? { calls } : { calls, why: "there is no call" };
}

/** DeepSeek's and Cogito's block of calls. What follows a broken one, up to the block's end, is left out with it. */
export const deepseekBlock = blockSyntax("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", callsIn, [
  BEGIN,
  END,
  SEPARATOR,
]);
