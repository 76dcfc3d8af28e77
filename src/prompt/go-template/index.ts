export type { GoTemplate } from "./ast.ts";
export { GoTemplateError } from "./error.ts";
export { executeGoTemplate } from "./execute.ts";
export { type TemplateFacts, templateFacts } from "./facts.ts";
export { parseGoTemplate } from "./parser.ts";
export type { ThinkingTags } from "./thinking-tags.ts";
