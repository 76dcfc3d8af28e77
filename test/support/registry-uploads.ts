import type { IncomingMessage, ServerResponse } from "node:http";
import { parseManifest } from "../../src/store/manifest.ts";
import type { Fault, RegistryServerOptions, Seen } from "./registry-server.ts";
import { digestOf } from "./store-fixture.ts";

/** What the uploads share with the rest of the registry. */
export interface UploadWorld {
  options: RegistryServerOptions;
  blobs: Map<string, Uint8Array>;
  manifests: Map<string, Uint8Array>;
  /** Where parts are put aside. */
  cdnHost(): string;
}

interface Session {
  repository: string;
  content: Uint8Array;
  /** Parts that were put aside, by their first byte. */
  parts: Map<number, Uint8Array>;
}

const UPLOAD = /^\/v2\/(.+)\/blobs\/uploads\/([0-9a-f-]*)$/;

/** The side of a registry that takes models: sessions, parts, manifests. */
export class RegistryUploads {
  readonly #world: UploadWorld;
  readonly #sessions = new Map<string, Session>();
  /** Which repositories a pushed blob is in. */
  readonly #homes = new Map<string, Set<string>>();

  constructor(world: UploadWorld) {
    this.#world = world;
  }

  /** Forgets all sessions, as registries do after a while. */
  forget(): void {
    this.#sessions.clear();
  }

  /** A pushed blob is in the repositories that it was pushed to, any other is everywhere. */
  isIn(repository: string, digest: string): boolean {
    return this.#world.blobs.has(digest) && (this.#homes.get(digest)?.has(repository) ?? true);
  }

  /** Answers a request that is about uploads. @returns false for any other. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
    fault: Fault,
  ): Promise<boolean> {
    const url = new URL(seen.url, "http://registry");
    const aside = /^\/parts\/([0-9a-f-]+)\/(\d+)$/.exec(url.pathname);
    const manifest = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname);
    const upload = UPLOAD.exec(url.pathname);
    if (seen.method === "PUT" && aside !== null) {
      const body = await receive(request, seen, fault);
      if (body === undefined) return true;
      this.#sessions.get(aside[1]!)?.parts.set(Number(aside[2]), body);
      response.writeHead(200).end();
    } else if (seen.method === "PUT" && manifest !== null) {
      const body = await receive(request, seen, fault);
      if (body !== undefined) this.#putManifest(response, manifest[1]!, manifest[2]!, body);
    } else if (upload !== null) {
      await this.#upload(request, response, seen, fault, url);
    } else return false;
    return true;
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
    fault: Fault,
    url: URL,
  ): Promise<void> {
    const [, repository = "", id = ""] = UPLOAD.exec(url.pathname)!;
    if (seen.method === "POST") return this.#begin(response, repository, url.searchParams);
    const session = this.#sessions.get(id);
    if (session === undefined) return refuse(response, 404, "BLOB_UPLOAD_UNKNOWN");
    if (seen.method === "PATCH") return await this.#patch(request, response, seen, fault, session, id);
    if (seen.method === "PUT") return this.#commit(response, fault, session, id, url.searchParams);
    if (this.#world.options.tellsNothing) return refuse(response, 405, "UNSUPPORTED");
    response.writeHead(204, { ...this.#location(session, id), range: fault.says ?? rangeOf(session) }).end();
  }

  #begin(response: ServerResponse, repository: string, query: URLSearchParams): void {
    const mount = query.get("mount");
    if (mount !== null && this.isIn(query.get("from") ?? "", mount)) {
      this.#homes.get(mount)?.add(repository);
      response.writeHead(201).end();
      return;
    }
    const id = crypto.randomUUID();
    const session = { repository, content: new Uint8Array(), parts: new Map<number, Uint8Array>() };
    this.#sessions.set(id, session);
    response.writeHead(202, this.#location(session, id)).end();
  }

  async #patch(
    request: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
    fault: Fault,
    session: Session,
    id: string,
  ): Promise<void> {
    const [, first = "", last = ""] = /^(\d+)-(\d+)$/.exec(seen.range ?? "") ?? [];
    if (this.#world.options.putsAside) {
      const next = `/v2/${session.repository}/blobs/uploads/${id}?part=${Number(last) + 1}`;
      response
        .writeHead(307, {
          location: `http://${this.#world.cdnHost()}/parts/${id}/${first}?signature=1`,
          "docker-upload-location": next,
        })
        .end();
      return;
    }
    if (Number(first) !== session.content.length) {
      response.writeHead(416, { range: rangeOf(session) }).end();
      return;
    }
    const whole = await receive(request, seen, fault, (bytes) => {
      session.content = Buffer.concat([session.content, bytes]);
    });
    if (whole === undefined) return;
    if (fault.dropReply) return void response.destroy();
    response.writeHead(202, { ...this.#location(session, id), range: fault.says ?? rangeOf(session) }).end();
  }

  #commit(
    response: ServerResponse,
    fault: Fault,
    session: Session,
    id: string,
    query: URLSearchParams,
  ): void {
    const ordered = [...session.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    const content = this.#world.options.putsAside ? Buffer.concat(ordered) : session.content;
    this.#sessions.delete(id);
    const digest = digestOf(content);
    const isRight = digest === query.get("digest") && this.#etagFits(ordered, query.get("etag"));
    if (!isRight) {
      refuse(response, 400, "DIGEST_INVALID");
      return;
    }
    this.#world.blobs.set(digest, content);
    this.#homes.set(digest, (this.#homes.get(digest) ?? new Set()).add(session.repository));
    if (fault.dropReply) response.destroy();
    else response.writeHead(201).end();
  }

  /** As S3 makes it of the parts. */
  #etagFits(parts: readonly Uint8Array[], etag: string | null): boolean {
    const { isPlain, putsAside } = this.#world.options;
    if (isPlain) return etag === null;
    if (!putsAside) return /^[0-9a-f]{32}-\d+$/.test(etag ?? "");
    const md5s = parts.map((part) => new Bun.CryptoHasher("md5").update(part).digest());
    const all = new Bun.CryptoHasher("md5").update(Buffer.concat(md5s)).digest("hex");
    return etag === `${all}-${parts.length}`;
  }

  #putManifest(response: ServerResponse, repository: string, tag: string, bytes: Uint8Array): void {
    const { config, layers } = parseManifest(bytes);
    if (![config, ...layers].every(({ digest }) => this.isIn(repository, digest))) {
      refuse(response, 400, "MANIFEST_BLOB_UNKNOWN");
      return;
    }
    this.#world.manifests.set(`${repository}:${tag}`, bytes);
    response.writeHead(201, { "docker-content-digest": digestOf(bytes) }).end();
  }

  #location({ repository, content }: Session, id: string): Record<string, string> {
    const url = `/v2/${repository}/blobs/uploads/${id}?state=${content.length}`;
    return this.#world.options.isPlain ? { location: url } : { "docker-upload-location": url };
  }
}

const rangeOf = ({ content }: Session): string => `0-${Math.max(0, content.length - 1)}`;

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code }] }));
}

/** @returns the body; undefined when the connection ended before it did. What came is told to `each` in any case. */
async function receive(
  request: IncomingMessage,
  seen: Seen,
  fault: Fault,
  each: (bytes: Uint8Array) => void = () => {},
): Promise<Uint8Array | undefined> {
  const limit = fault.cutAfter ?? fault.stallAfter ?? Number.POSITIVE_INFINITY;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      const taken = chunk.subarray(0, limit - seen.received);
      seen.received += taken.length;
      chunks.push(taken);
      each(taken);
      if (seen.received < limit) continue;
      if (fault.cutAfter !== undefined) request.socket.destroy();
      else await new Promise((resolve) => request.socket.once("close", resolve));
      return undefined;
    }
  } catch {
    // The client has left in the middle.
    return undefined;
  }
  return Buffer.concat(chunks);
}
