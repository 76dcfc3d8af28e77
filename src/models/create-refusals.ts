import { badRequest } from "../lib/errors.ts";
import type { CreateRequest } from "./catalog.ts";

/** Refuses what this server does not do, instead of leaving it out of the model in silence. @throws AppError 400. */
export function refuseUnsupported(request: CreateRequest): void {
  const { quantize, renderer, parser, remoteHost, draftFiles } = request;
  if (quantize)
    throw badRequest("quantize is not supported: create the model from a GGUF that is quantized already");
  if (renderer) {
    throw badRequest(
      `renderer "${renderer}" is not supported: prompts are made by TEMPLATE or by the GGUF's own chat template`,
    );
  }
  if (parser) {
    throw badRequest(
      `parser "${parser}" is not supported: output is parsed as the model's template asks for it`,
    );
  }
  if (remoteHost) throw badRequest("remote_host is not supported: models run on this server only");
  if (draftFiles && Object.keys(draftFiles).length > 0) {
    throw badRequest("DRAFT is not supported: there is no speculative decoding here");
  }
}

/** File names are shown and stored, and may name nothing outside the folder that the client sends. @throws AppError 400. */
export function checkFileNames(files: Record<string, unknown>): void {
  for (const name of Object.keys(files)) {
    const parts = name.split(/[/\\]/);
    if (/^[A-Za-z]:/.test(name) || parts.some((part) => part === "" || part === "." || part === "..")) {
      throw badRequest("file path must be relative");
    }
  }
  if (Object.keys(files).some((name) => name.toLowerCase().endsWith(".safetensors"))) {
    throw badRequest("safetensors are not supported: convert the model to GGUF first");
  }
}
