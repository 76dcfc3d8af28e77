import type { CallSyntax, ReadContext } from "./call-syntax.ts";
import type { Reading } from "./feed.ts";
import { functionary, readFirstMessage } from "./syntax/functionary.ts";
import { TagSet } from "./tag-set.ts";

/** The syntax that a tag belongs to: of several, the first. */
function byTag(syntaxes: readonly CallSyntax[]): Map<string, CallSyntax> {
  const found = new Map<string, CallSyntax>();
  for (const syntax of syntaxes) {
    for (const open of syntax.opens) if (!found.has(open)) found.set(open, syntax);
  }
  return found;
}

/** Divides content into text and tool calls. */
export function* readCalls(syntaxes: readonly CallSyntax[], context: ReadContext): Reading {
  const { feed, out } = context;
  const owners = byTag(syntaxes);
  const tags = new TagSet([...owners.keys()]);
  if (syntaxes.includes(functionary)) yield* readFirstMessage(context);
  for (;;) {
    const open = yield* feed.until(tags, (text) => out.text(text));
    if (open === undefined) break;
    const syntax = owners.get(open)!;
    if (syntax.lineStart && !out.atLineStart) out.text(open);
    else yield* syntax.read(open, context);
  }
  out.end();
}
