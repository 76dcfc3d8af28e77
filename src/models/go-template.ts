import { GoTemplateError, parseGoTemplate, templateFacts } from "../prompt/go-template/index.ts";
import type { TemplateTraits } from "./capabilities.ts";

/** What is wrong with a TEMPLATE, in Go's words; undefined when it parses. */
export function checkGoTemplate(template: string): string | undefined {
  try {
    parseGoTemplate(template);
    return undefined;
  } catch (error) {
    if (error instanceof GoTemplateError) return error.message;
    throw error;
  }
}

/** What a TEMPLATE can do. One that does not parse, from a registry perhaps, can do nothing; rendering it will say why. */
export function goTemplateTraits(template: string): TemplateTraits {
  if (checkGoTemplate(template) !== undefined) {
    return { tools: false, insert: false, thinking: false };
  }
  const { tools, suffix, thinking } = templateFacts(template);
  return {
    tools,
    insert: suffix,
    thinking: thinking !== undefined,
  };
}
