import type { Digest } from "../lib/digest.ts";
import type { RegistryRequest, RegistrySession } from "./session.ts";
import { upstream } from "./upstream.ts";

/** The other side does not serve ranges of this blob; it has to be fetched from its beginning. */
export class NoRanges extends Error {
  override readonly name = "NoRanges";
}

export interface WantedBlob {
  digest: Digest;
  /** Bytes, as the manifest says. */
  size: number;
}

/** Statuses of a direct URL whose signature has run out. */
const EXPIRED = [401, 403, 404, 410];
/** Statuses of servers that do not serve ranges, or not of this blob. */
const REFUSED = [400, 405, 416, 501];

/** Where the bytes of one blob come from: the registry, or the URL that it redirects to, which is used again until it expires. */
export class BlobSource {
  readonly #session: RegistrySession;
  readonly #blob: WantedBlob;
  readonly #url: URL;
  #direct: URL | undefined;

  /** @param repository `/v2/<namespace>/<model>` */
  constructor(session: RegistrySession, repository: string, blob: WantedBlob) {
    this.#session = session;
    this.#blob = blob;
    this.#url = new URL(`${repository}/blobs/${blob.digest}`, session.base);
  }

  /**
   * A body with the bytes from `start` to before `end`, and no others as far as the headers tell.
   * @throws NoRanges; AppError when the registry refuses.
   */
  async range(start: number, end: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#get({
      method: "GET",
      headers: { range: `bytes=${start}-${end - 1}` },
      signal,
    });
    try {
      this.#checkRange(response, start, end);
      return bodyOf(response);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
  }

  /** All of it from the beginning. */
  async whole(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#get({ method: "GET", signal });
    const length = response.headers.get("content-length");
    const wrongLength = length !== null && Number(length) !== this.#blob.size;
    if (response.status === 200 && !wrongLength) return bodyOf(response);
    await response.body?.cancel();
    throw wrongLength
      ? this.#wrongSize(Number(length))
      : upstream(`unexpected status code ${response.status}`);
  }

  async #get(request: RegistryRequest): Promise<Response> {
    if (this.#direct !== undefined) {
      const { response } = await this.#session.send(this.#direct, request);
      if (!EXPIRED.includes(response.status)) return response;
      await response.body?.cancel();
      this.#direct = undefined;
    }
    const { response, url } = await this.#session.send(this.#url, request);
    if (response.ok && url.host !== this.#session.base.host) this.#direct = url;
    return response;
  }

  #checkRange(response: Response, start: number, end: number): void {
    const { status, headers } = response;
    if (status === 200 && start === 0 && end === this.#blob.size) return;
    if (status === 200 || REFUSED.includes(status)) throw new NoRanges(`status ${status} for a range`);
    if (status !== 206) throw upstream(`unexpected status code ${status}`);
    const given = headers.get("content-range") ?? "";
    const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(given) ?? [];
    if (total !== undefined && total !== "*" && Number(total) !== this.#blob.size) {
      throw this.#wrongSize(Number(total));
    }
    if (Number(first) !== start || Number(last) !== end - 1) {
      throw upstream(`asked for bytes ${start}-${end - 1}, the registry sends "${given}"`);
    }
  }

  #wrongSize(size: number): Error {
    return upstream(`the registry's blob has ${size} bytes, the manifest says ${this.#blob.size}`);
  }
}

const bodyOf = (response: Response): ReadableStream<Uint8Array> =>
  response.body ?? new ReadableStream({ start: (controller) => controller.close() });
