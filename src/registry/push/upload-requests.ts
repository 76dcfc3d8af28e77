import type { Clock } from "../../lib/clock.ts";
import type { AppError } from "../../lib/errors.ts";
import type { WantedBlob } from "../blob-source.ts";
import type { RegistryReply, RegistrySession } from "../session.ts";
import { upstream } from "../upstream.ts";
import { isLasting, type Refused, readRefusal, refusalError } from "./refusal.ts";

/** An upload session as the registry begins it. */
export interface Begun {
  /** The URL that the first bytes are sent to. */
  url: URL;
  /** The registry speaks Ollama's protocol, and wants a checksum of the parts at the end. */
  hasEtag: boolean;
  /** Shortest part that the registry takes, the last one excepted; 0 where it does not say. */
  leastBytes: number;
}

/** The registry's reply to a part. */
export type PartReply =
  /** The part is to be sent to another URL. */
  | { kind: "aside"; target: URL; next: URL }
  /** The registry has taken the part, up to before `end`. */
  | { kind: "taken"; end: number; next: URL }
  /** The registry does not know the session (any more). */
  | { kind: "lost" }
  /** The registry has more or fewer bytes than were sent until now. */
  | { kind: "elsewhere"; error: AppError };

/** How far a session is, by the registry. */
export type Standing = { kind: "at"; end: number; url: URL } | { kind: "unknown" } | { kind: "lost" };

/** Makes a part's body, anew each time that the part is sent. */
export type MakeBody = () => ReadableStream<Uint8Array>;

const LOST = ["BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID"];
const OCTETS = "application/octet-stream";

/** The requests of one blob's upload (docs/behaviour: registry-and-store §7; OCI distribution, "pushing blobs"). */
export class UploadRequests {
  readonly #session: RegistrySession;
  readonly #repository: string;
  readonly #blob: WantedBlob;
  readonly #clock: Clock;

  /** @param repository `/v2/<namespace>/<model>` */
  constructor(session: RegistrySession, repository: string, blob: WantedBlob, clock: Clock) {
    this.#session = session;
    this.#repository = repository;
    this.#blob = blob;
    this.#clock = clock;
  }

  /** Does the registry have the blob? */
  async exists(signal: AbortSignal): Promise<boolean> {
    const url = new URL(`${this.#repository}/blobs/${this.#blob.digest}`, this.#session.base);
    const answered = await this.#session.send(url, { method: "HEAD", signal });
    if (answered.response.status === 404) return false;
    await this.#expectOk(answered, "push blob");
    return true;
  }

  /**
   * Begins an upload.
   * @param from a repository of this registry, `<namespace>/<model>`, that may have the blob.
   * @returns undefined when the registry has taken it from there.
   */
  async begin(from: string | undefined, signal: AbortSignal): Promise<Begun | undefined> {
    const url = new URL(`${this.#repository}/blobs/uploads/`, this.#session.base);
    if (from !== undefined) url.search = `?mount=${this.#blob.digest}&from=${from}`;
    const answered = await this.#session.send(url, {
      method: "POST",
      headers: { "content-length": "0" },
      signal,
    });
    const { response, url: asked } = answered;
    await this.#expectOk(answered, "push blob");
    if (response.status === 201) return undefined;
    const location = locationOf(response);
    if (location === null) throw upstream("push blob: the registry does not say where to send it");
    return {
      url: this.#session.resolve(location, asked),
      hasEtag: response.headers.has("docker-upload-location"),
      leastBytes: Number(response.headers.get("oci-chunk-min-length") ?? 0) || 0,
    };
  }

  async standing(url: URL, signal: AbortSignal): Promise<Standing> {
    const answered = await this.#session.send(url, { method: "GET", redirect: "manual", signal });
    const { response } = answered;
    if (response.ok) {
      await response.body?.cancel();
      const end = endOfRange(response);
      if (end === undefined) return { kind: "unknown" };
      return { kind: "at", end, url: this.#next(response, url) };
    }
    const refused = await this.#refusal(answered);
    if (isLost(refused)) return { kind: "lost" };
    const error = refusalError("push blob", refused, this.#clock);
    // Ollama's registry does not seem to answer this request at all.
    if (isLasting(error)) return { kind: "unknown" };
    throw error;
  }

  /** Sends the bytes from `start` to before `end`. */
  async patch(url: URL, start: number, end: number, body: MakeBody, signal: AbortSignal): Promise<PartReply> {
    const answered = await this.#session.send(url, {
      method: "PATCH",
      headers: {
        "content-type": OCTETS,
        "content-length": String(end - start),
        "content-range": `${start}-${end - 1}`,
        "x-redirect-uploads": "1",
      },
      body,
      redirect: "manual",
      signal,
    });
    const { response } = answered;
    if (response.status === 307) {
      await response.body?.cancel();
      const target = response.headers.get("location");
      if (target === null) throw upstream("push blob: a redirect without Location");
      return { kind: "aside", target: this.#session.resolve(target, url), next: this.#next(response, url) };
    }
    if (response.ok) {
      await response.body?.cancel();
      return this.#taken(response, url, start, end);
    }
    const refused = await this.#refusal(answered);
    if (refused.status === 404 || isLost(refused)) return { kind: "lost" };
    const error = refusalError("push blob", refused, this.#clock);
    if (refused.status === 416 || refused.status === 409) {
      return { kind: "elsewhere", error: upstream(error.message, error) };
    }
    throw error;
  }

  /**
   * Sends a part to the URL that the registry has named, without credentials.
   * @returns why it is not taken there (any more); undefined when it is.
   */
  async put(target: URL, length: number, body: MakeBody, signal: AbortSignal): Promise<AppError | undefined> {
    const answered = await this.#session.send(target, {
      method: "PUT",
      headers: { "content-type": OCTETS, "content-length": String(length) },
      body,
      redirect: "manual",
      anonymous: true,
      signal,
    });
    const { response } = answered;
    if (response.ok) {
      await response.body?.cancel();
      return undefined;
    }
    const error = refusalError("push part", await this.#refusal(answered), this.#clock);
    if (isLasting(error)) return error;
    throw error;
  }

  /**
   * Ends the upload.
   * @returns `lost` when the registry does not know the session, `wrong` when its bytes are not the blob.
   */
  async commit(url: URL, etag: string | undefined, signal: AbortSignal): Promise<"done" | "lost" | "wrong"> {
    // Joined by hand: a signed URL must not be spelled differently.
    const query = `digest=${this.#blob.digest}${etag === undefined ? "" : `&etag=${etag}`}`;
    const target = new URL(`${url.href}${url.search === "" ? "?" : "&"}${query}`);
    const answered = await this.#session.send(target, {
      method: "PUT",
      headers: { "content-length": "0" },
      signal,
    });
    const { response } = answered;
    if (response.ok) {
      await response.body?.cancel();
      return "done";
    }
    const refused = await this.#refusal(answered);
    if (refused.codes.some((code) => code === "DIGEST_INVALID" || code === "SIZE_INVALID")) return "wrong";
    if (refused.status === 404 || isLost(refused)) return "lost";
    throw refusalError("push blob", refused, this.#clock);
  }

  #taken(response: Response, url: URL, start: number, end: number): PartReply {
    const said = endOfRange(response) ?? end;
    const next = this.#next(response, url);
    if (said > start && said <= end) return { kind: "taken", end: said, next };
    const range = response.headers.get("range");
    const error = upstream(`push blob: bytes ${start}-${end - 1} were sent, the registry says "${range}"`);
    return { kind: "elsewhere", error };
  }

  #next(response: Response, url: URL): URL {
    const { headers, status } = response;
    // A redirect's Location is for this part, not for the next one.
    const location = status === 307 ? headers.get("docker-upload-location") : locationOf(response);
    return location === null ? url : this.#session.resolve(location, url);
  }

  async #expectOk(answered: RegistryReply, what: string): Promise<void> {
    if (!answered.response.ok) throw refusalError(what, await this.#refusal(answered), this.#clock);
    await answered.response.body?.cancel();
  }

  #refusal(answered: RegistryReply): Promise<Refused> {
    return readRefusal(answered, this.#session);
  }
}

const locationOf = ({ headers }: Response): string | null =>
  headers.get("docker-upload-location") ?? headers.get("location");

const isLost = ({ codes }: Refused): boolean => codes.some((code) => LOST.includes(code));

/** `0-99` is 100 bytes; `0-0` is none, as docker-registry has it. Undefined where there is no such header. */
function endOfRange({ headers }: Response): number | undefined {
  const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(headers.get("range")?.trim() ?? "") ?? [];
  if (last === undefined) return undefined;
  return last === "0" ? 0 : Number(last) + 1;
}
