import type { AttachedFile } from "./conversation.ts";

/** Pictures and files of the message that is being written. */
export interface Attachments {
  images: string[];
  files: AttachedFile[];
}

export const NO_ATTACHMENTS: Attachments = { images: [], files: [] };

/** Larger texts would fill any context. */
const MOST_TEXT = 512 * 1024;

/**
 * Reads files that a user chose, dropped or pasted.
 *
 * @throws Error for a file that is neither a picture nor a text.
 */
export async function attach(before: Attachments, chosen: readonly File[]): Promise<Attachments> {
  const { images, files } = { images: [...before.images], files: [...before.files] };
  for (const file of chosen) {
    if (file.type.startsWith("image/")) images.push(base64(await file.arrayBuffer()));
    else files.push({ name: file.name, text: await textOf(file) });
  }
  return { images, files };
}

async function textOf(file: File): Promise<string> {
  if (file.size > MOST_TEXT) throw new Error(`${file.name} is larger than 512 KiB.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.includes(0)) throw new Error(`${file.name} is neither a picture nor a text.`);
  return textIn(bytes);
}

/** UTF-8, or what Windows wrote before it. */
function textIn(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function base64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  const pieces: string[] = [];
  // A function takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(""));
}

/** The kind of a picture by its first bytes, for showing it again. */
export function imageUrl(data: string): string {
  const kinds: Record<string, string> = { i: "png", "/": "jpeg", R: "gif", U: "webp" };
  return `data:image/${kinds[data[0] ?? ""] ?? "png"};base64,${data}`;
}
