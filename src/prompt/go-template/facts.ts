import type { GoTemplate } from "./ast.ts";
import { parseGoTemplate } from "./parser.ts";
import { type ThinkingTags, thinkingTags } from "./thinking-tags.ts";
import { toolCallTag } from "./tool-call-tag.ts";
import { allLists, fieldPath, visit } from "./visit.ts";

/** The facts that a Go template tells about its model (docs/behaviour: modelfile §2.3, §5, §6; registry-and-store §11). */
export interface TemplateFacts {
  /** Every field and variable that occurs, lower-cased; a variable with its dollar sign. */
  identifiers: ReadonlySet<string>;
  /** Renders a list of messages by itself; otherwise it renders one turn. */
  messages: boolean;
  response: boolean;
  tools: boolean;
  /** Can be used to fill in between a prompt and a suffix. */
  suffix: boolean;
  /** Undefined: thinking cannot be told from the answer. */
  thinking: ThinkingTags | undefined;
  /** Text that opens a tool call; `{` when the template does not show one. */
  toolCallTag: string;
}

/** @throws GoTemplateError when given text that does not parse. */
export function templateFacts(template: string | GoTemplate): TemplateFacts {
  const parsed = typeof template === "string" ? parseGoTemplate(template) : template;
  const identifiers = new Set<string>();
  for (const list of allLists(parsed)) {
    visit(list, (node) => {
      if (node.type === "variable") identifiers.add(node.name.toLowerCase());
      for (const name of fieldPath(node)) identifiers.add(name.toLowerCase());
    });
  }
  return {
    identifiers,
    messages: identifiers.has("messages"),
    response: identifiers.has("response"),
    tools: identifiers.has("tools"),
    suffix: identifiers.has("suffix"),
    thinking: thinkingTags(parsed.root),
    toolCallTag: toolCallTag(parsed.root),
  };
}
