import type { ToolCall } from "../../intent/message.ts";
import type { CallSyntax } from "../call-syntax.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import type { Reading } from "../feed.ts";
import { TagSet } from "../tag-set.ts";

/** The calls in a block, and the reasons why the rest of it is not a call. */
export interface BlockCalls {
  calls: ToolCall[];
  why?: string | undefined;
}

/**
 * A block of calls from tag to tag, read as a whole.
 *
 * @param parse a pure function of the text between the tags.
 * @param marks texts with a meaning inside of it.
 */
export function blockSyntax(
  open: string,
  close: string,
  parse: (text: string, tools: DeclaredTools) => BlockCalls,
  marks: readonly string[] = [],
): CallSyntax {
  const end = new TagSet([close]);
  return {
    opens: [open],
    marks: [close, ...marks],
    *read(taken, { feed, out, tools }) {
      const { text, tag } = yield* feed.before(end);
      const { calls, why } = parse(text, tools);
      out.mark();
      for (const call of calls) out.call(call);
      if (why !== undefined) out.broken(taken + text + (tag ?? ""), why);
    },
  };
}

function* nothing(): Reading {}

/** Marks that are left out of the text. @param joins white space around them stays; else it is left out as well. */
export const ignored = (marks: readonly string[], joins: boolean): CallSyntax => ({
  opens: marks,
  marks: [],
  read(_, { out }) {
    if (!joins) out.mark();
    return nothing();
  },
});
