import { badRequest } from "../lib/errors.ts";
import { isRenderer, RENDERER_NAMES } from "../prompt/renderers/index.ts";
import type { ModelCreation } from "./catalog.ts";
import { isParser, PARSER_NAMES } from "./parser-traits.ts";

const unknownName = (what: string, name: string, known: readonly string[]) =>
  badRequest(`unknown ${what} ${JSON.stringify(name)}; there are ${known.join(", ")}`);

/** Refuses fields that this server cannot honour, instead of leaving them out in silence. @throws AppError 400. */
export function refuseUnsupported(request: ModelCreation): void {
  const { renderer, parser, remoteHost } = request;
  if (renderer && !isRenderer(renderer)) throw unknownName("renderer", renderer, RENDERER_NAMES);
  if (parser && !isParser(parser)) throw unknownName("parser", parser, PARSER_NAMES);
  if (remoteHost) throw badRequest("remote_host is not supported: models run on this server only");
}

/** File names are shown and stored, and may name nothing outside the folder that the client sends. @throws AppError 400. */
export function checkFileNames(files: Record<string, unknown>): void {
  for (const name of Object.keys(files)) {
    const parts = name.split(/[/\\]/);
    if (/^[A-Za-z]:/.test(name) || parts.some((part) => part === "" || part === "." || part === "..")) {
      throw badRequest("file path must be relative");
    }
  }
}

/** @throws AppError 400: an adapter is a GGUF; there is no conversion of safetensors for them. */
export function refuseSafetensorsAdapters(adapters: Record<string, unknown>): void {
  if (!Object.keys(adapters).some(isSafetensors)) return;
  throw badRequest(
    "adapters in safetensors are not supported: convert the adapter to GGUF first (llama.cpp's convert_lora_to_gguf.py)",
  );
}

export const isSafetensors = (name: string): boolean => name.toLowerCase().endsWith(".safetensors");
