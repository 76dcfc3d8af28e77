import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/** The first group of patterns with a match is the model (docs/behaviour: modelfile §1.5). */
const WEIGHTS = [
  ["model*.safetensors", "*/model*.safetensors"],
  ["consolidated*.safetensors"],
  // Adapters of the two most used training tools. The server decides whether it can use them.
  ["adapters.safetensors"],
  ["adapter_model.safetensors"],
  ["*.gguf"],
  ["*.bin"],
];
/** Files that a conversion of safetensors needs besides the weights. */
const COMPANIONS = ["*.json", "*/*.json", "chat_template.jinja", "tokenizer.model", "*/tokenizer.model"];
const GGUF_MAGIC = "GGUF";

/**
 * The files of a model in a directory, as paths relative to it: the weights, and for safetensors the other files that the conversion
 * needs.
 *
 * @throws Error when there are none, when one of them leads outside the directory, or when a `.bin` is no GGUF.
 */
export async function modelFolder(directory: string): Promise<string[]> {
  for (const patterns of WEIGHTS) {
    const weights = await matches(directory, patterns);
    if (weights.length === 0) continue;
    const converted = weights.some((file) => file.endsWith(".safetensors"));
    const files = converted ? [...weights, ...(await matches(directory, COMPANIONS))] : weights;
    for (const file of files) await checkFile(directory, file);
    return files;
  }
  throw new Error("no Modelfile or safetensors files found");
}

async function matches(directory: string, patterns: readonly string[]): Promise<string[]> {
  const options = { cwd: directory, followSymlinks: true };
  const found = patterns.map((pattern) => Array.fromAsync(new Bun.Glob(pattern).scan(options)));
  return [...new Set((await Promise.all(found)).flat())].sort();
}

async function checkFile(directory: string, file: string): Promise<void> {
  const [root, real] = await Promise.all([realpath(directory), realpath(join(directory, file))]);
  if (!real.startsWith(root + sep)) {
    const hint = real.includes(".cache")
      ? "\n\nUse --local-dir <dir> when downloading model to disable caching"
      : "";
    throw new Error(`insecure path: ${file}${hint}`);
  }
  if (!file.endsWith(".bin")) return;
  const magic = await Bun.file(real).slice(0, GGUF_MAGIC.length).text();
  if (magic !== GGUF_MAGIC) throw new Error(`invalid content type: ${file} is not a GGUF file`);
}
