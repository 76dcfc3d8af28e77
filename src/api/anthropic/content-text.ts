import { badRequest } from "../../lib/errors.ts";
import type { DocumentBlock, SearchResultBlock, TextBlock, ToolReferenceBlock } from "./schema/blocks.ts";

/** The text, or that of the blocks together. */
export const plainText = (content: string | readonly TextBlock[]): string =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");

function refuseCitations({ citations }: DocumentBlock | SearchResultBlock, where: string): void {
  if (citations?.enabled === true) {
    throw badRequest(`${where}.citations: citations are not supported: the model does not cite by position`);
  }
}

/** Text of a kind that the model can tell from what surrounds it. Parts that are empty are left out. */
function tagged(tag: string, parts: Record<string, string>): string {
  const lines = Object.entries(parts)
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `<${name}>\n${text}\n</${name}>`);
  return `\n<${tag}>\n${lines.join("\n")}\n</${tag}>\n`;
}

/** A document as text. @param where names its place in errors. */
export function documentOf(block: DocumentBlock, where: string): string {
  refuseCitations(block, where);
  const { source, title, context } = block;
  return tagged("document", {
    title: title ?? "",
    context: context ?? "",
    content: source.type === "text" ? source.data : plainText(source.content),
  });
}

/** A search result as text. */
export function searchResultOf(block: SearchResultBlock, where: string): string {
  refuseCitations(block, where);
  const { title, source, content } = block;
  return tagged("search_result", { title, source, content: plainText(content) });
}

/** A reference to a tool as text: which tools there are stands in front of every prompt. */
export const toolReferenceOf = ({ tool_name }: ToolReferenceBlock): string =>
  `<tool_reference>${tool_name}</tool_reference>\n`;

/** The refusal of a block of a known type that may not stand at this place. */
export const unsupportedBlock = (type: string, where: string) =>
  badRequest(`${where}: blocks of type ${JSON.stringify(type)} are not supported`);
