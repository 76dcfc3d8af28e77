import type { Recipe } from "./agent.ts";

/** As a shell reads it back. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** What launching would do, for people and shells: the files, then the command with its environment. */
export function recipeText(program: string, { env = {}, args = [], files = {} }: Recipe): string {
  const written = Object.entries(files).map(([path, content]) => `# ${path}\n${content.trimEnd()}\n\n`);
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return `${written.join("")}${variables.join("")}${[program, ...args].map(quoted).join(" ")}\n`;
}
