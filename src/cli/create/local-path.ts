import { stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The path that a FROM, ADAPTER or DRAFT means: `~` is the home directory, a relative one starts at the Modelfile's directory
 * (docs/behaviour: modelfile §1.5).
 *
 * @throws Error for another user's home directory, which there is no portable way to find.
 */
export function expandPath(text: string, base: string): string {
  if (text === "~" || text.startsWith("~/")) return join(homedir(), text.slice(1));
  const user = /^~([^/]+)/.exec(text)?.[1];
  if (user === undefined) return isAbsolute(text) ? text : resolve(base, text);
  if (user !== userInfo().username) throw new Error(`failed to find user '${user}'`);
  return join(homedir(), text.slice(user.length + 1));
}

/** The kind of file at `path`; undefined when there is none. @throws Error for a device or a pipe, which may have no end. */
export async function pathKind(path: string): Promise<"file" | "directory" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return "directory";
  if (!found.isFile()) throw new Error(`${path} is neither a file nor a directory`);
  return "file";
}

/** Can `text` only be a path, and not a model's name? */
export function looksLikePath(text: string): boolean {
  return /^(\.{0,2}\/|~)/.test(text) || text.endsWith(".gguf") || text.endsWith(".safetensors");
}
