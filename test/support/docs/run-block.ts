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
import type { Block } from "./blocks.ts";

/** Where a page's blocks run, one after the other. */
export interface Place {
  /** Folder of the page's files; `bin/` in it has `llamero`. */
  folder: string;
  /** The server that stands for the one at port 11434. */
  url: string;
  /** `host:port` of the registry that stands for the one at port 5000, for Ollama's and for Hugging Face's. */
  registry: string;
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
  const text = code
    .replaceAll(/(localhost|127\.0\.0\.1):11434/g, place.url.replace("http://", ""))
    .replaceAll("localhost:5000", place.registry);
  if (file !== undefined) await Bun.write(join(place.folder, file), text);
  const command =
    notRun === undefined && file === undefined ? await commandOf(block, text, place) : readOf(language, code);
  if (command === undefined) return "";
  const {
    stdout,
    stderr,
    code: status,
  } = await runCommand(command, {
    cwd: place.folder,
    env: {
      PATH: `${join(place.folder, "bin")}:${process.env.PATH}`,
      HOME: place.folder,
      OLLAMA_HOST: place.url,
      ANONYMIZED_TELEMETRY: "False",
      PYTHONDONTWRITEBYTECODE: "1",
    },
    timeoutMs: LIMIT_MS,
  });
  if (status !== 0) throw new Error(`${page}:${line}: status ${status}\n${stdout}\n${stderr}`);
  return stdout;
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
