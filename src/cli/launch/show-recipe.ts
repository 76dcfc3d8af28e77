import { KEY_VARIABLE, type Recipe } from "./agent.ts";

/** As a shell reads it back. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A launch as a script, for people and shells: the files, then the command with its environment.
 *
 * @param key the user's, which is not shown: the shell that has it is asked for it. "" for none.
 */
export function recipeText(
  program: string,
  { env = {}, args = [], files = {} }: Recipe,
  key: string,
): string {
  const withoutKey = (text: string, instead: string, part: (text: string) => string): string =>
    key === "" ? part(text) : text.split(key).map(part).join(instead);
  const written = Object.entries(files).map(
    ([path, content]) =>
      `# ${path}\n${withoutKey(content, `$${KEY_VARIABLE}`, (text) => text).trimEnd()}\n\n`,
  );
  const variables = Object.entries(env).map(
    ([name, value]) => `export ${name}=${withoutKey(value, `"$${KEY_VARIABLE}"`, quoted)}\n`,
  );
  return `${written.join("")}${variables.join("")}${[program, ...args].map(quoted).join(" ")}\n`;
}
