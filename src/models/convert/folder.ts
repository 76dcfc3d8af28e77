import { badRequest } from "../../lib/errors.ts";
import { type JsonFile, parseJsonFile } from "./json.ts";

/** A model as published: its files by relative path with "/" between parts. Opened lazily, read in slices. */
export interface ModelFolder {
  /** The model's name; becomes `general.name`. Without one, the same files give the same GGUF under whichever name it is installed. */
  readonly name?: string;
  readonly files: ReadonlyMap<string, Blob>;
}

/** Largest file that is read whole. The biggest published tokenizer.json is about 35 MB. */
const MOST_WHOLE_BYTES = 128 * 2 ** 20;

/** The text of a file, or undefined when the folder has none of that path. */
export async function readTextFile(folder: ModelFolder, path: string): Promise<string | undefined> {
  return smallFile(folder, path)?.text();
}

/** As {@link readTextFile}, for a binary file. */
export async function readBytes(folder: ModelFolder, path: string): Promise<Uint8Array | undefined> {
  return smallFile(folder, path)?.bytes();
}

function smallFile({ files }: ModelFolder, path: string): Blob | undefined {
  const file = files.get(path);
  if (file !== undefined && file.size > MOST_WHOLE_BYTES) {
    throw badRequest(`${path} is too large (${file.size} bytes)`);
  }
  return file;
}

/** A JSON object, or undefined when the folder has no such file. @throws AppError `bad_request` when it is malformed. */
export async function readJson(folder: ModelFolder, path: string): Promise<JsonFile | undefined> {
  const text = await readTextFile(folder, path);
  return text === undefined ? undefined : parseJsonFile(path, text);
}

/** As {@link readJson}, for a file that must be there. */
export async function requireJson(folder: ModelFolder, path: string): Promise<JsonFile> {
  const file = await readJson(folder, path);
  if (file === undefined) throw badRequest(`${path} is missing from the model's files`);
  return file;
}
