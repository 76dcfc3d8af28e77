import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";

/** `engine build [KIND]`, `engine remove`, `engine add vision`: what is built on this machine. */
export async function engine({ engine: tools, stdout }: Cli, { args }: ParsedArgv): Promise<void> {
  const say = (line: string): void => stdout.write(`${line}\n`);
  const [action = "", what] = args;
  if (action === "build") return tools.build(what, say);
  if (action === "remove" && what === undefined) return tools.remove(say);
  if (action === "add" && what === "vision") return tools.addVision(say);
  throw new UsageError(
    `unknown "${args.join(" ")}"; there is: engine build [cpu|cuda|vulkan|metal], engine remove, engine add vision`,
  );
}
