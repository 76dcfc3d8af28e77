import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fetchModel } from "../../../scripts/fetch-model.ts";
import { ALL_MINILM } from "../../../scripts/models.ts";
import { ROOT } from "../../../scripts/support/paths.ts";
import { parseModelfile } from "../../../src/modelfile/parse.ts";
import { cachePath } from "../cache.ts";
import { tinyLlama } from "../models.ts";
import { ollamaStore } from "../ollama-store.ts";
import { python, type Requirements } from "../python.ts";
import { runCommand } from "../run-program.ts";
import { serves } from "../serves.ts";
import { openTerminal } from "../tmux.ts";
import type { Block } from "./blocks.ts";

/** Where a page's blocks run, one after the other. */
export interface Place {
  /** Folder of the page's files; `bin/` in it has `llamero`. */
  folder: string;
  /** The server that stands for the one at port 11434. */
  url: string;
  /** `host:port` of the registry that stands for the one at port 5000, for Ollama's, for Hugging Face's and for the mirror. */
  registry: string;
  /** `host:port` of the servers that stand for `gpu1` to `gpu3`. */
  members: readonly string[];
}

const LIMIT_MS = 120_000;
/** Packages of npm that pages import. */
const PACKAGES = ["openai", "@anthropic-ai/sdk", "ollama"];

/**
 * Makes `llamero` a command and the packages importable in the folder of a page, puts the built libmtmd where it looks for it, and what
 * pages call the reader's own: a GGUF file, a model of Hugging Face's, a store of Ollama's.
 */
export async function furnish({ folder }: Pick<Place, "folder">): Promise<void> {
  const command = `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/src/main.ts" "$@"\n`;
  await mkdir(join(folder, "bin"));
  await Bun.write(join(folder, "bin/llamero"), command);
  await chmod(join(folder, "bin/llamero"), 0o755);
  await mkdir(join(folder, "node_modules/@anthropic-ai"), { recursive: true });
  for (const name of PACKAGES)
    await symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  await symlink(ROOT, join(folder, "node_modules/llamero"));
  await mkdir(join(folder, ".llamero"));
  await symlink(cachePath("engine"), join(folder, ".llamero/engine"));
  await symlink(await tinyLlama(), join(folder, "my-model.gguf"));
  await symlink((await fetchModel(ALL_MINILM)).path, join(folder, "my-model-directory"));
  await ollamaStore(join(folder, ".ollama/models")).model("registry.ollama.ai/library/imported/latest");
}

/**
 * Runs a block, or writes or reads it where its comment says so.
 *
 * @returns what it printed.
 * @throws Error with what it wrote to standard error when it fails.
 */
export async function runBlock(block: Block, place: Place): Promise<string> {
  const { language, code, file, notRun, page, line } = block;
  const text = inPlace(code, place);
  if (file !== undefined) await Bun.write(join(place.folder, file), text);
  const command =
    notRun === undefined && file === undefined ? await commandOf(block, text, place) : readOf(language, code);
  if (command === undefined) return "";
  if (block.serves !== undefined) return serveOnce(command, place);
  if (block.typed !== undefined) return converse(text, block.typed, place);
  const {
    stdout,
    stderr,
    code: status,
  } = await runCommand(command, { cwd: place.folder, env: environmentOf(place), timeoutMs: LIMIT_MS });
  if (status !== 0) throw new Error(`${page}:${line}: status ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** What the block says, with what stands for the reader's servers. */
function inPlace(code: string, { url, registry, members }: Place): string {
  return code
    .replaceAll(/(localhost|127\.0\.0\.1):11434/g, url.replace("http://", ""))
    .replaceAll(/localhost:5000|mirror:5000/g, registry)
    .replaceAll(/gpu([1-3]):11434/g, (_, number: string) => members[Number(number) - 1] ?? "")
    .replaceAll("/etc/haproxy/haproxy.cfg", "haproxy.cfg");
}

const environmentOf = ({ folder, url }: Place): Record<string, string> => ({
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  HOME: folder,
  OLLAMA_HOST: url,
  ANONYMIZED_TELEMETRY: "False",
  PYTHONDONTWRITEBYTECODE: "1",
});

async function serveOnce(command: string[], place: Place): Promise<string> {
  const said = await serves(command, environmentOf(place));
  if (said !== "Ollama is running") throw new Error(`it does not serve: ${said}`);
  return said;
}

/** Runs a command in a terminal, types a line at its prompt, and waits for its end. @throws Error when it fails. */
async function converse(command: string, typed: string, place: Place): Promise<string> {
  const ended = `${command.trim()}; echo "ended with $?"; sleep 60`;
  await using terminal = await openTerminal(ended, environmentOf(place));
  await terminal.until((screen) => screen.includes(">>> "), LIMIT_MS);
  await terminal.type(typed);
  await terminal.keys("Enter");
  return await terminal.until((screen) => screen.includes("ended with 0"), LIMIT_MS);
}

async function commandOf(
  { language, page, line }: Block,
  text: string,
  { folder }: Place,
): Promise<string[] | undefined> {
  switch (language) {
    case "sh":
      return ["bash", "-euo", "pipefail", "-c", text];
    case "python":
      return [await python(requirementsOf(text)), "-c", text];
    case "ts": {
      const path = join(folder, `block-${line}.ts`);
      await Bun.write(path, text);
      return [process.execPath, path];
    }
    default:
      return readOf(language, text, page, line);
  }
}

/** What is not run is at least well formed. */
function readOf(language: string, code: string, page = "", line = 0): string[] | undefined {
  switch (language) {
    case "sh":
      return ["bash", "-n", "-c", code];
    case "json":
      JSON.parse(code);
      return undefined;
    case "modelfile":
      parseModelfile(code);
      return undefined;
    case "python":
      return ["python3", "-c", "import ast, sys; ast.parse(sys.argv[1])", code];
    case "ts":
      new Bun.Transpiler({ loader: "ts" }).transformSync(code);
      return undefined;
    case "yaml":
    case "":
    case "text":
    case "go-template":
    case "ini":
    case "nginx":
      return undefined;
    default:
      throw new Error(`${page}:${line}: nobody knows how to read a block of "${language}"`);
  }
}

/** Which of the test's environments has what the program imports. */
function requirementsOf(code: string): Requirements {
  if (code.includes("import chromadb")) return "requirements-chromadb.txt";
  return code.includes("langchain") ? "requirements-clients.txt" : "requirements.txt";
}
