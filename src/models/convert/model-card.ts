import { type ModelFolder, readTextFile } from "./folder.ts";

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/;

/**
 * The licence that the model card declares: `license: <id>` in the YAML front matter of README.md.
 * Undefined when there is no card or it names none as plain text.
 */
export async function readLicense(folder: ModelFolder): Promise<string | undefined> {
  const frontMatter = FRONT_MATTER.exec((await readTextFile(folder, "README.md")) ?? "")?.[1];
  const value =
    frontMatter === undefined ? undefined : /^license:[ \t]*(\S.*?)[ \t\r]*$/m.exec(frontMatter)?.[1];
  return value === undefined ? undefined : /^(["']?)([\w.+-]+)\1$/.exec(value)?.[2];
}
