import type { CallSyntax, ReadContext } from "./call-syntax.ts";
import { CUT_TAG, isCutTag } from "./cut-tag.ts";
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

export interface ContentForm {
  /** The text that opens a block, where it has been taken from the feed already. */
  opened?: string | undefined;
  /** A tag that the end of the answer has cut off is left out; else it stays as text. */
  dropsCut?: boolean;
}

/** Divides content into text and tool calls. */
export function* readCalls(
  syntaxes: readonly CallSyntax[],
  context: ReadContext,
  { opened, dropsCut = false }: ContentForm = {},
): Reading {
  const { feed, out } = context;
  const owners = byTag(syntaxes);
  const tags = new TagSet([...owners.keys()]);
  if (syntaxes.includes(functionary)) yield* readFirstMessage(context);
  if (opened !== undefined) yield* owners.get(opened)!.read(opened, context);
  for (;;) {
    const found = yield* feed.search(tags, (text) => out.text(text));
    if (found.tag === undefined) {
      if (dropsCut && isCutTag(found.cut)) out.dropped(CUT_TAG);
      else out.text(found.cut);
      break;
    }
    const open = found.tag;
    const syntax = owners.get(open)!;
    if (syntax.lineStart && !out.atLineStart) out.text(open);
    else yield* syntax.read(open, context);
  }
  out.end();
}
