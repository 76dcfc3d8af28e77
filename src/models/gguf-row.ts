import type { Digest } from "../lib/digest.ts";
import { badRequest } from "../lib/errors.ts";
import type { GgufRow } from "../store/schema.ts";
import { type GgufFacts, ggufFacts } from "./gguf/facts.ts";
import { type GgufHeader, readGgufHeader } from "./gguf/header.ts";
import { modelInfoOf } from "./model-info.ts";

/** A GGUF as a row of the books, and its facts. */
export interface ReadGguf {
  row: GgufRow;
  facts: GgufFacts;
  /** How many files the model was split into; 1 when it was not. */
  splits: number;
}

/**
 * Reads a blob that a create request calls a GGUF.
 * @throws AppError 400 `supplied file was not in GGUF format`, or with what is wrong in its header.
 */
export async function readGguf(digest: Digest, path: string): Promise<ReadGguf> {
  if ((await Bun.file(path).slice(0, 4).text()) !== "GGUF") {
    throw badRequest("supplied file was not in GGUF format");
  }
  const header = await readGgufHeader(path);
  const facts = ggufFacts(header);
  const splits = header.metadata.get("split.count");
  return {
    row: rowOf(digest, header, facts),
    facts,
    splits: splits === undefined || splits.type === "array" ? 1 : Number(splits.value),
  };
}

function rowOf(digest: Digest, header: GgufHeader, facts: GgufFacts): GgufRow {
  return {
    digest,
    architecture: facts.architecture,
    parameterCount: facts.parameterCount,
    fileType: facts.fileType ?? null,
    contextLength: facts.contextLength ?? null,
    embeddingLength: facts.embeddingLength ?? null,
    poolingType: facts.poolingType ?? null,
    hasVision: facts.visionBlockCount !== undefined,
    hasAudio: facts.audioBlockCount !== undefined || facts.hasAudioEncoder,
    chatTemplate: facts.chatTemplate ?? null,
    metadata: JSON.stringify(modelInfoOf(header, false)),
    tensors: JSON.stringify(header.tensors.map(({ name, type, shape }) => [name, type, shape])),
  };
}
