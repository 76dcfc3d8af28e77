import { join } from "node:path";
import { runCommand } from "./run-program.ts";

const BUNDLE = join(import.meta.dir, "../../node_modules/node-llama-cpp/llama/gitRelease.bundle");

/** The git repository of the llama.cpp that node-llama-cpp builds, without a work tree, in a folder that does not exist yet. */
export async function cloneLlama(folder: string): Promise<void> {
  await git(["clone", "--quiet", "--no-checkout", BUNDLE, folder]);
}

/** The chat templates that llama.cpp is tested with: file name → text. */
export async function llamaTemplates(repository: string): Promise<Map<string, string>> {
  const list = await git(["ls-tree", "-r", "--name-only", "HEAD", "models/templates/"], repository);
  const paths = list.split("\n").filter((path) => path.endsWith(".jinja"));
  const texts = paths.map(async (path): Promise<[string, string]> => {
    return [path.slice(path.lastIndexOf("/") + 1), await git(["show", `HEAD:${path}`], repository)];
  });
  return new Map(await Promise.all(texts));
}

async function git(args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(["git", ...args], { cwd });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
