import { AppError, badRequest, messageOf } from "../../lib/errors.ts";
import { type ProtobufField, protobufFields } from "./protobuf.ts";
import { TOKEN_TYPE } from "./vocabulary.ts";

/** A token of a SentencePiece model. */
export interface SentencePieceToken {
  text: string;
  /** The higher, the earlier it is merged. */
  score: number;
  /** `enum llama_token_type`. */
  type: number;
}

/** Fields of `ModelProto`, of its pieces and of its `TrainerSpec` (sentencepiece_model.proto). */
const MODEL = { pieces: 1, trainer: 2 } as const;
const PIECE = { text: 1, score: 2, type: 3 } as const;
const TRAINER = { modelType: 3 } as const;

/** Values of `TrainerSpec.ModelType`; UNIGRAM is the default. */
const UNIGRAM = 1;
const BPE = 2;

/**
 * SentencePiece's type of a piece → llama.cpp's. Pieces that the trainer was told to keep whole (4) count as normal ones: they are
 * found by their scores.
 */
const TYPES: ReadonlyMap<number, number> = new Map([
  [1, TOKEN_TYPE.normal],
  [2, TOKEN_TYPE.unknown],
  [3, TOKEN_TYPE.control],
  [4, TOKEN_TYPE.normal],
  [5, TOKEN_TYPE.unused],
  [6, TOKEN_TYPE.byte],
]);

/**
 * The pieces of a tokenizer.model by id.
 * @throws AppError `bad_request` when it is malformed, or of the unigram kind, which llama.cpp's `llama` tokenizer cannot read.
 */
export function readPieces(bytes: Uint8Array, label: string): SentencePieceToken[] {
  try {
    const fields = [...protobufFields(bytes)];
    const trainer = fields.findLast(({ number }) => number === MODEL.trainer);
    if (modelType(trainer) !== BPE)
      throw badRequest(`${label}: only the BPE kind of SentencePiece is supported`);
    return fields.flatMap((field) =>
      field.number === MODEL.pieces && field.kind === "bytes" ? [readPiece(field.value)] : [],
    );
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw badRequest(`${label} is not a SentencePiece model: ${messageOf(cause)}`);
  }
}

function modelType(trainer: ProtobufField | undefined): number {
  if (trainer?.kind !== "bytes") return UNIGRAM;
  const stated = [...protobufFields(trainer.value)].findLast(({ number }) => number === TRAINER.modelType);
  return stated?.kind === "varint" ? Number(stated.value) : UNIGRAM;
}

function readPiece(bytes: Uint8Array): SentencePieceToken {
  const piece = { text: "", score: 0, type: TOKEN_TYPE.normal as number };
  for (const field of protobufFields(bytes)) {
    if (field.number === PIECE.text && field.kind === "bytes") piece.text = utf8(field.value);
    if (field.number === PIECE.score && field.kind === "fixed32") piece.score = float32(field.value);
    if (field.number === PIECE.type && field.kind === "varint") {
      piece.type = TYPES.get(Number(field.value)) ?? TOKEN_TYPE.normal;
    }
  }
  return piece;
}

const utf8 = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

const float32 = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(0, true);
