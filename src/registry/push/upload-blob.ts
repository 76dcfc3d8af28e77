import type { Clock } from "../../lib/clock.ts";
import type { Digest } from "../../lib/digest.ts";
import { AppError } from "../../lib/errors.ts";
import type { Store } from "../../store/store.ts";
import type { UploadRecord, UploadState } from "../../store/uploads.ts";
import { repositoryPath } from "../manifest.ts";
import type { BlobProgress } from "../progress.ts";
import { retrying } from "../retrying.ts";
import type { RegistrySession } from "../session.ts";
import type { Slots } from "../slots.ts";
import { upstream } from "../upstream.ts";
import { BlobFile, etagOf } from "./blob-file.ts";
import { PartRow } from "./part-row.ts";
import { sendParts } from "./send-parts.ts";
import type { UploadSettings } from "./settings.ts";
import { UploadRequests } from "./upload-requests.ts";

export interface UploadDeps {
  store: Store;
  clock: Clock;
  slots: Slots;
  settings: UploadSettings;
}

/** A blob and the repository that it goes to. */
export interface UploadTarget {
  digest: Digest;
  /** Bytes. */
  size: number;
  session: RegistrySession;
  /** `<namespace>/<model>` */
  repository: string;
  /** A repository of the same registry that may have the blob. */
  mountFrom?: string;
}

/**
 * Makes sure that a registry has a blob: mounts it from another repository of the registry, or sends it, or the rest of it.
 *
 * @throws AppError when another attempt cannot help. The session is remembered, unless it came to its end.
 */
export async function uploadBlob(
  deps: UploadDeps,
  target: UploadTarget,
  progress: BlobProgress,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, settings } = deps;
  const { digest, repository, session } = target;
  using record = store.uploads.open({ registry: session.base.origin, repository, digest });
  const upload = new Upload(deps, target, record, progress, signal);
  try {
    await retrying(
      { clock, settings, signal },
      () => upload.furthest,
      () => upload.attempt(),
    );
  } finally {
    await upload.close();
  }
  progress.finish();
}

class Upload {
  /** The most bytes that the registry ever had: a session that is begun again and again makes no progress. */
  furthest = 0;
  readonly #deps: UploadDeps;
  readonly #target: UploadTarget;
  readonly #record: UploadRecord;
  readonly #progress: BlobProgress;
  readonly #signal: AbortSignal;
  readonly #requests: UploadRequests;
  readonly #checksums = new Map<number, Uint8Array>();
  #file: BlobFile | undefined;
  #state: UploadState | undefined;
  /** Nothing has failed since the session began, so the registry has exactly the bytes that were sent. */
  #isClean = false;
  /** The registry has refused a part because of its offset. */
  #isContradicted = false;

  constructor(
    deps: UploadDeps,
    target: UploadTarget,
    record: UploadRecord,
    progress: BlobProgress,
    signal: AbortSignal,
  ) {
    this.#deps = deps;
    this.#target = target;
    this.#record = record;
    this.#progress = progress;
    this.#signal = signal;
    this.#state = record.state;
    const { session, repository } = target;
    this.#requests = new UploadRequests(session, repositoryPath(repository), target, deps.clock);
  }

  /** One attempt, from where the session is to its end. */
  async attempt(): Promise<void> {
    // Also after a failure: the reply to the last request may be all that was lost.
    const state = (await this.#requests.exists(this.#signal)) ? undefined : await this.#resume();
    if (state !== undefined) {
      this.#state = state;
      await this.#send(state).catch((error: unknown) => {
        this.#isClean = false;
        throw error;
      });
    }
    this.#record.forget();
  }

  async close(): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
  }

  /** The session as the registry has it, or a new one; undefined when the registry has mounted the blob. */
  async #resume(): Promise<UploadState | undefined> {
    const { digest, size } = this.#target;
    this.#file ??= await BlobFile.open(this.#deps.store, digest, size);
    const state = this.#state && (await this.#standing(this.#state));
    if (state !== undefined) return state;
    this.#record.forget();
    this.#state = undefined;
    const begun = await this.#begin();
    if (begun === undefined) return undefined;
    const { url, hasEtag, leastBytes } = begun;
    this.#isClean = true;
    this.#isContradicted = false;
    const partBytes = Math.max(this.#deps.settings.partBytes(size), leastBytes);
    return this.#save({ url: url.href, sent: 0, partBytes, hasEtag });
  }

  async #begin() {
    const { mountFrom } = this.#target;
    if (mountFrom === undefined) return await this.#requests.begin(undefined, this.#signal);
    try {
      return await this.#requests.begin(mountFrom, this.#signal);
    } catch (error) {
      // A caller who may not read the other repository may still write to this one.
      if (!(error instanceof AppError) || error.kind !== "forbidden") throw error;
      return await this.#requests.begin(undefined, this.#signal);
    }
  }

  /** Where to go on in a session that was interrupted; undefined when the session cannot be used. */
  async #standing(state: UploadState): Promise<UploadState | undefined> {
    const session = URL.parse(state.url);
    if (session === null) return undefined;
    const url = this.#target.session.resolve(session.href, session);
    const standing = await this.#requests.standing(url, this.#signal);
    if (standing.kind === "unknown") return this.#isContradicted ? undefined : { ...state, url: url.href };
    if (standing.kind === "lost" || standing.end > this.#target.size) return undefined;
    // Parts that were put elsewhere are not in what Ollama's registry counts.
    if (state.hasEtag && standing.end < state.sent && !this.#isContradicted)
      return { ...state, url: url.href };
    return this.#save({ ...state, url: standing.url.href, sent: standing.end });
  }

  async #send(state: UploadState): Promise<void> {
    const file = this.#file!;
    const row = new PartRow(state.sent, new URL(state.url));
    const { size } = this.#target;
    const outcome = await sendParts({
      ...this.#deps,
      size,
      partBytes: state.partBytes,
      file,
      row,
      requests: this.#requests,
      checksums: state.hasEtag ? this.#checksums : undefined,
      signal: this.#signal,
      moved: () => this.#progress.advance(row.sent),
      received: () => {
        this.#isContradicted = false;
        this.#save({ ...state, url: row.url.href, sent: row.end });
      },
    });
    if (outcome.kind === "lost") throw this.#lose();
    if (outcome.kind === "elsewhere") throw this.#contradicted(outcome.error);
    const etag = state.hasEtag
      ? await etagOf(this.#checksums, file, size, state.partBytes, this.#signal)
      : undefined;
    const end = await this.#requests.commit(row.url, etag, this.#signal);
    if (end === "lost") throw this.#lose();
    if (end === "wrong") throw this.#wrongContent();
  }

  #save(state: UploadState): UploadState {
    this.#state = state;
    this.furthest = Math.max(this.furthest, state.sent);
    this.#record.save(state);
    this.#progress.advance(state.sent);
    return state;
  }

  #lose(): AppError {
    this.#state = undefined;
    this.#record.forget();
    return upstream("push blob: the registry does not know the upload any more");
  }

  /** The next attempt goes on where the registry says that it is. If that is refused as well, the session is given up. */
  #contradicted(error: AppError): AppError {
    if (this.#isContradicted) return this.#lose();
    this.#isContradicted = true;
    return error;
  }

  /** The registry's bytes are not the blob. In an interrupted session it may have got bytes twice; in any other our file is wrong. */
  #wrongContent(): AppError {
    if (!this.#isClean) return this.#lose();
    this.#record.forget();
    const { digest } = this.#target;
    return new AppError(
      "internal",
      `the registry found that blob "${digest}" has another content; "llamero verify" finds out whether it is damaged`,
    );
  }
}
