import { closeSync, openSync, readSync } from "node:fs";
import { AppError } from "./errors.ts";

const PIECE_BYTES = 64 * 1024;

/** All of an open file. See {@link readBoundedFile}. @param name for the error. */
function readBounded(fd: number, maxBytes: number, name: string): Buffer {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const read = readSync(fd, piece, 0, PIECE_BYTES, null);
    if (read === 0) return Buffer.concat(pieces, bytes);
    bytes += read;
    if (bytes > maxBytes) throw new AppError("too_large", `${name} has more than ${maxBytes} bytes`);
    pieces.push(piece.subarray(0, read));
  }
}

/**
 * All of a file that ought to be small. Bounded while it is read, since a device or a pipe tells no size and may have no end.
 *
 * @throws AppError `too_large` for more than `maxBytes`; the errors of `open` and `read`.
 */
export function readBoundedFile(path: string, maxBytes: number): Buffer {
  const fd = openSync(path, "r");
  try {
    return readBounded(fd, maxBytes, path);
  } finally {
    closeSync(fd);
  }
}
