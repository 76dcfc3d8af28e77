import { join } from "node:path";
import { Failure } from "../support/failure.ts";

/** Makes a tarball of a package's folder, as registries take it, with the same bytes for the same files. */
export async function pack(source: string, target: string): Promise<void> {
  const command = ["bun", "pm", "pack", "--quiet", "--ignore-scripts", "--filename", target];
  const child = Bun.spawn([process.execPath, ...command.slice(1)], {
    cwd: source,
    stdout: "ignore",
    stderr: "pipe",
  });
  const error = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Failure(`${join(source, "package.json")}: ${error.trim()}`);
}
