/** `text` with every absolute path shortened to its last part: clients have no business with the server's directories. */
export function withoutPaths(text: string): string {
  return text.replace(/(?<![\w:/.])(?:[A-Za-z]:)?(?:[/\\][^\s'":,/\\]+)*[/\\]([^\s'":,/\\]+)/g, "$1");
}
