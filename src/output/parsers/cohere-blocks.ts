import type { ToolCall } from "../../intent/message.ts";
import { BracketScanner } from "../bracket-scanner.ts";
import { callOf } from "../call-object.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import { parseObject } from "../literal-parser.ts";
import { type BlockCalls, blockSyntax } from "./blocks.ts";

/** The objects of a list, each by itself: one that is broken leaves the others whole. */
function* objectsIn(text: string): Generator<string> {
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at)) {
    const scanner = new BracketScanner(false);
    const { length, ended } = scanner.scan(text.slice(at));
    if (!ended || !scanner.balanced) return;
    yield text.slice(at, at + length);
    at += length;
  }
}

function callsIn(text: string, tools: DeclaredTools): BlockCalls {
  const calls: ToolCall[] = [];
  let why: string | undefined;
  for (const written of objectsIn(text)) {
    const value = parseObject(written);
    const result =
      value === undefined ? { why: "its JSON is broken" } : callOf(value, tools, { strict: false });
    if ("why" in result) why = result.why;
    else {
      const id = value?.tool_call_id;
      calls.push({ ...(typeof id === "string" && id !== "" && { id }), ...result.call });
    }
  }
  return { calls, why: calls.length === 0 ? (why ?? "there is no call") : why };
}

/** Cohere's list of actions; the model gives every call an id. */
export const cohereBlock = blockSyntax("<|START_ACTION|>", "<|END_ACTION|>", callsIn);
