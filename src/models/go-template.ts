import { GoTemplateError, parseGoTemplate, templateFacts } from "../prompt/go-template/index.ts";
import type { TemplateTraits } from "./capabilities.ts";

/** Go's error text for a TEMPLATE; undefined when it parses. */
export function checkGoTemplate(template: string): string | undefined {
  try {
    parseGoTemplate(template);
    return undefined;
  } catch (error) {
    if (error instanceof GoTemplateError) return error.message;
    throw error;
  }
}

/** The features of a TEMPLATE. One that does not parse, from a registry perhaps, has none; rendering it gives the error. */
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
