import { defined } from "../../lib/defined.ts";
import type { ThinkingTags } from "../../prompt/go-template/index.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import type { WriterRules } from "../part-writer.ts";
import { readCalls } from "../read-calls.ts";
import type { AnswerStart, NamedParser } from "./named-parser.ts";
import { readThought } from "./read-thought.ts";

/** Where an answer begins to be thinking. */
type Opening = "thought" | "content" | "tag";

export interface TaggedForm {
  thinking?: {
    tags: ThinkingTags;
    /** `thought`: the answer begins inside of the thinking. `tag`: it begins with thinking where the opening tag stands in front. */
    opening(start: AnswerStart): Opening;
    /** An opening tag in front of thinking that has begun already is left out. */
    skipsTag?: boolean;
    /** A call inside of the thinking ends it. */
    endsAtCall?: boolean;
  };
  syntaxes: readonly CallSyntax[];
  /** Further texts that may be control tokens, and that stay in the answer as text. */
  marks?: readonly string[];
  /** Default: the first of the syntaxes. */
  writes?: CallSyntax;
  rules?: WriterRules;
  /** White space in front of the content is left out. */
  trimsContent?: boolean;
  /** A tag that the end of the content has cut off is left out. */
  dropsCut?: boolean;
  declaredOnly?: boolean;
}

/** Reads the thinking in front of the answer, if there is any. @returns the text that has ended it, where that opens a call. */
function* readFront(form: TaggedForm, context: ReadContext, start: AnswerStart): Reading<string | undefined> {
  const { feed, out } = context;
  const { thinking } = form;
  const opening = start.atOnce ? "content" : (thinking?.opening(start) ?? "content");
  if (thinking === undefined || opening === "content") return undefined;
  const { tags, skipsTag = false, endsAtCall = false } = thinking;
  if (opening === "tag") {
    const space = yield* feed.space();
    if (!(yield* feed.skip(tags.open))) {
      out.text(space);
      return undefined;
    }
  }
  const calls = endsAtCall ? form.syntaxes.flatMap(({ opens }) => opens) : [];
  const end = yield* readThought(context, {
    ends: [tags.close, ...calls],
    skips: skipsTag ? [tags.open] : [],
    keepsSpace: opening === "thought" && !skipsTag,
  });
  out.skipSpace();
  return end === tags.close ? undefined : end;
}

/** A parser for answers that are thinking between tags, and then text with calls between tags. */
export function taggedParser(form: TaggedForm): NamedParser {
  const { syntaxes, thinking, trimsContent = false, dropsCut = false } = form;
  const { marks = [] } = form;
  const tags = thinking === undefined ? marks : [...marks, thinking.tags.open, thinking.tags.close];
  return {
    marks: [...new Set([...tags, ...syntaxes.flatMap(({ opens, marks }) => [...opens, ...marks])])],
    writes: form.writes ?? syntaxes[0]!,
    ...defined({ tags: thinking?.tags, rules: form.rules }),
    ...(form.declaredOnly && { declaredOnly: true }),
    *read(context, start) {
      const opened = yield* readFront(form, context, start);
      if (trimsContent) context.out.skipSpace();
      yield* readCalls(syntaxes, context, { opened, dropsCut });
    },
  };
}
