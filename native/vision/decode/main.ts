/**
 * The decoding process: turns files from strangers into pixels and samples. A process of its own, so that a file which ends it costs one
 * request. It lives as long as its parent, a runner.
 */
import { AppError } from "../../../src/lib/errors.ts";
import { decodePicture } from "./picture.ts";
import type { FromDecoder, ToDecoder } from "./protocol.ts";
import { decodeSound } from "./sound.ts";

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToDecoder) => void answer(message));

async function answer(message: ToDecoder): Promise<void> {
  process.send?.(await decode(message).catch((error) => refusal(message.id, error)));
}

async function decode(message: ToDecoder): Promise<FromDecoder> {
  const { id } = message;
  if (message.type === "sound")
    return { type: "sound", id, samples: decodeSound(message.bytes, message.rate) };
  return { type: "picture", id, ...(await decodePicture(message.bytes, message.mostPixels)) };
}

function refusal(id: number, cause: unknown): FromDecoder {
  const error = AppError.from(cause);
  return {
    type: "failed",
    id,
    kind: error.kind === "unsupported" ? error.kind : "bad_request",
    message: error.message,
  };
}
