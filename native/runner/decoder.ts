import { join } from "node:path";
import { AppError, badRequest } from "../../src/lib/errors.ts";
import type { DecodedPicture, DecodedSound, FromDecoder, ToDecoder } from "../vision/decode/protocol.ts";

const PROGRAM = join(import.meta.dir, "../vision/decode/main.ts");

/** A file that takes longer than this is given up; 50 megapixels take one or two seconds. */
const TIMEOUT_MS = 30_000;

/** How long the process stays after the last file. */
const IDLE_MS = 60_000;

type AwaitedFile = { resolve(answer: FromDecoder): void; reject(error: AppError): void };
type DecoderCall<M> = M extends { id: number } ? Omit<M, "id"> : never;

/**
 * The process that decodes pictures and sounds, started with the first of them. When it ends, by a malicious file or for lack of memory,
 * only the files that it has at that time fail.
 */
export class Decoder {
  readonly #waiting = new Map<number, AwaitedFile>();
  #child: Bun.Subprocess | undefined;
  #ids = 0;
  #idle: Timer | undefined;

  /** @throws AppError `bad_request` with a reason; `unsupported` where sharp is not installed. */
  async picture(bytes: Uint8Array, mostPixels: number): Promise<DecodedPicture> {
    const answer = await this.#ask({ type: "picture", bytes, mostPixels });
    if (answer.type === "picture") return answer;
    throw unexpected(answer);
  }

  /** @param rate samples a second. @throws AppError `bad_request`. */
  async sound(bytes: Uint8Array, rate: number): Promise<DecodedSound> {
    const answer = await this.#ask({ type: "sound", bytes, rate });
    if (answer.type === "sound") return answer;
    throw unexpected(answer);
  }

  async #ask(question: DecoderCall<ToDecoder>): Promise<FromDecoder> {
    const id = ++this.#ids;
    const { promise, resolve, reject } = Promise.withResolvers<FromDecoder>();
    clearTimeout(this.#idle);
    const child = this.#start();
    const timeout = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    this.#waiting.set(id, { resolve, reject });
    child.send({ ...question, id });
    try {
      return await promise;
    } finally {
      clearTimeout(timeout);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#stop(), IDLE_MS);
    }
  }

  #stop(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
  }

  #start(): Bun.Subprocess {
    if (this.#child !== undefined) return this.#child;
    const child: Bun.Subprocess = Bun.spawn([process.execPath, "--no-orphans", PROGRAM], {
      stdio: ["ignore", "ignore", "inherit"],
      serialization: "advanced",
      // Messages of our own program are not checked.
      ipc: (message) => {
        const answer = message as FromDecoder;
        this.#waiting.get(answer.id)?.resolve(answer);
      },
      onExit: () => this.#ended(child),
    });
    this.#child = child;
    return child;
  }

  #ended(child: Bun.Subprocess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { reject } of this.#waiting.values())
      reject(badRequest("the file could not be decoded: it ended the decoder"));
    this.#waiting.clear();
  }
}

const unexpected = (answer: FromDecoder): AppError =>
  answer.type === "failed"
    ? new AppError(answer.kind, answer.message)
    : new AppError("internal", `the decoder answered with a ${answer.type}`);
