import { type FileHandle, open } from "node:fs/promises";
import type { Digest } from "../../lib/digest.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { readFully } from "../../lib/read-fully.ts";
import type { Store } from "../../store/store.ts";
import { hashRange } from "../hash-range.ts";

const CHUNK_BYTES = 256 * 1024;

/** A blob of the store while it is sent. It stays readable when its model is removed meanwhile. */
export class BlobFile implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws AppError 404 when it is not there, or of another size. */
  static async open(store: Store, digest: Digest, size: number): Promise<BlobFile> {
    const damage = `blob "${digest}" is missing or damaged; pull or create the model again`;
    if (store.blobs.size(digest) !== size) throw notFound(damage);
    try {
      return new BlobFile(await open(store.blobs.path(digest), "r"));
    } catch (error) {
      throw new AppError("not_found", damage, { cause: error });
    }
  }

  /** Fills `into` from `offset`. */
  async read(offset: number, into: Uint8Array): Promise<void> {
    if (!(await readFully(this.#file, offset, into)))
      throw notFound("the blob is shorter than it was; pull or create the model again");
  }

  /**
   * The bytes from `start` to before `end`, read from the disk as the connection takes them.
   * @param taken is given each piece that the connection takes.
   */
  body(start: number, end: number, taken: (bytes: Uint8Array) => void): ReadableStream<Uint8Array> {
    let at = start;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const bytes = new Uint8Array(Math.min(CHUNK_BYTES, end - at));
      await this.read(at, bytes);
      at += bytes.byteLength;
      taken(bytes);
      controller.enqueue(bytes);
      if (at === end) controller.close();
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }

  async md5(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const hasher = new Bun.CryptoHasher("md5");
    await hashRange(this, start, end - start, [hasher], signal);
    return hasher.digest();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

/**
 * The checksum that Ollama's registry gets at the end: the MD5 of the MD5s of all parts, and the number of parts (docs/behaviour:
 * registry-and-store §7).
 *
 * @param known MD5s of parts that were sent whole, by their number; the others are read again.
 */
export async function etagOf(
  known: ReadonlyMap<number, Uint8Array>,
  file: Pick<BlobFile, "md5">,
  size: number,
  partBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const count = Math.ceil(size / partBytes);
  const hasher = new Bun.CryptoHasher("md5");
  for (let index = 0; index < count; index++) {
    const start = index * partBytes;
    hasher.update(known.get(index) ?? (await file.md5(start, Math.min(size, start + partBytes), signal)));
  }
  return `${hasher.digest("hex")}-${count}`;
}
