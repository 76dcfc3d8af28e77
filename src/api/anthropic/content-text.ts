import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";

type Block = Record<string, unknown>;

const fail = (where: string, message: string): never => {
  throw badRequest(`${where}: ${message}`);
};

/** The block at one place of a list. @param where names the place in errors. */
export function blockOf(value: unknown, where: string): Block & { type: string } {
  if (!isRecord(value)) return fail(where, "a content block must be an object");
  const { type } = value;
  return typeof type === "string" ? { ...value, type } : fail(where, "a content block needs a type");
}

export const unsupported = (type: string, where: string): never =>
  fail(where, `blocks of type ${JSON.stringify(type)} are not supported`);

/** A field of a block that is a text. */
export function textIn(block: Block, field: string, where: string): string {
  const value = block[field];
  return typeof value === "string" ? value : fail(`${where}.${field}`, "must be a string");
}

const optionalText = (block: Block, field: string, where: string): string =>
  block[field] === undefined || block[field] === null ? "" : textIn(block, field, where);

/** What is in the list `content`, or the text. Only blocks of type `text` are allowed. */
export function plainText(content: unknown, where: string): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return fail(where, "must be a string or an array of content blocks");
  return content
    .map((value, at) => {
      const block = blockOf(value, `${where}.${at}`);
      return block.type === "text" ? textIn(block, "text", `${where}.${at}`) : unsupported(block.type, where);
    })
    .join("");
}

function refuseCitations({ citations }: Block, where: string): void {
  if (isRecord(citations) && citations.enabled === true) {
    fail(`${where}.citations`, "citations are not supported: the model does not cite by position");
  }
}

/** Text of a kind that the model can tell from what surrounds it. Parts that are empty are left out. */
function tagged(tag: string, parts: Record<string, string>): string {
  const lines = Object.entries(parts)
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `<${name}>\n${text}\n</${name}>`);
  return `\n<${tag}>\n${lines.join("\n")}\n</${tag}>\n`;
}

function documentText(source: unknown, where: string): string {
  const { type, data, content } = isRecord(source) ? source : {};
  if (type === "text" && typeof data === "string") return data;
  if (type === "content") return plainText(content, `${where}.content`);
  return fail(where, `must be of type "text" or "content"; PDF, URL and file documents are not supported`);
}

/** A document as text. @throws AppError `bad_request` for one that is no text. */
export function documentOf(block: Block, where: string): string {
  refuseCitations(block, where);
  return tagged("document", {
    title: optionalText(block, "title", where),
    context: optionalText(block, "context", where),
    content: documentText(block.source, `${where}.source`),
  });
}

/** A search result as text. */
export function searchResultOf(block: Block, where: string): string {
  refuseCitations(block, where);
  return tagged("search_result", {
    title: textIn(block, "title", where),
    source: textIn(block, "source", where),
    content: plainText(block.content, `${where}.content`),
  });
}
