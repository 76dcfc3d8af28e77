import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Digest } from "../../src/lib/digest.ts";
import { type Layer, renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { RegistryUploads } from "./registry-uploads.ts";
import { digestOf } from "./store-fixture.ts";

const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
/** Config of a model as the registry's have it. */
export const CONFIG =
  '{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"32","file_type":"F32","architecture":"amd64","os":"linux"}';

/** What goes wrong with one reply. */
export interface Fault {
  /** Answers with this status and no content. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Breaks the connection after so many bytes of the body, the request's where it has one. */
  cutAfter?: number;
  /** Sends, or takes, so many bytes and then nothing, for as long as the client waits. */
  stallAfter?: number;
  /** Inverts the first byte of the body. */
  corrupt?: true;
  /** Sends the whole blob with status 200, whatever range was asked for. */
  ignoreRange?: true;
  /** Names another range in Content-Range than the one that is sent. */
  wrongRange?: true;
  /** Says in Range that it has got these bytes of an upload. */
  says?: string;
  /** Does what is asked of an upload, and breaks the connection instead of saying so. */
  dropReply?: true;
}

/** A request as the server saw it. */
export interface Seen {
  method: string;
  /** Path and query. */
  url: string;
  /** `registry`, or `cdn` for the second port. */
  at: "registry" | "cdn";
  authorization?: string;
  /** The first byte that was asked for; 0 without a range. */
  start: number;
  /** Bytes of the body that were sent. */
  sent: number;
  /** Bytes of the request's body that came. */
  received: number;
  /** Content-Range of the request. */
  range?: string;
}

export interface RegistryServerOptions {
  /** How fast one connection's body is sent. Default: as fast as it goes. */
  bytesPerSecond?: number;
  /** Asked before each request of a blob or manifest is answered; `seen` holds all requests so far, this one last. */
  fault?(request: Seen, seen: readonly Seen[]): Fault | undefined;
  /** Blobs are had from a second port: by 307, or by 200 with a Location and no content. */
  redirect?: 307 | 200;
  /** Uploads: parts are put at the second port, by 307. */
  putsAside?: true;
  /** Uploads: speak the plain OCI protocol. Default: Ollama's. */
  isPlain?: true;
  /** Uploads: does not say how far a session is. */
  tellsNothing?: true;
  /** What must be in the Authorization header of registry requests; see also `challenge`. */
  authorization?: string;
  /** WWW-Authenticate of the 401 that is answered without it; `{realm}` is replaced with the token endpoint's URL. */
  challenge?: string;
  /** What `/token` answers. Default: `token`. */
  token?: string;
}

/** A registry on loopback that misbehaves on demand. */
export interface RegistryServer extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly cdnHost: string;
  readonly seen: Seen[];
  /** May be changed while it runs. */
  readonly options: RegistryServerOptions;
  blob(mediaType: string, content: string | Uint8Array): Layer;
  /** Publishes a model of these layers. @returns the manifest's digest in hex. */
  publish(path: string, ...layers: Layer[]): string;
  /** Publishes any bytes as a manifest. */
  manifest(path: string, bytes: string | Uint8Array): void;
  /** Requests of one blob's content that reached it, or its second port. */
  fetches(digest: Digest): Seen[];
  /** Forgets the upload sessions. */
  forgetUploads(): void;
  /** What it has as a blob or as the manifest `<namespace>/<model>:<tag>`. */
  stored(key: string): Uint8Array | undefined;
}

/** Pieces that a slow body is sent in, a second. */
const TICKS = 50;

export async function startRegistry(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const blobs = new Map<string, Uint8Array>();
  const manifests = new Map<string, Uint8Array>();
  const seen: Seen[] = [];
  const uploads = new RegistryUploads({ options, blobs, manifests, cdnHost: () => cdnHost });
  const serve = (at: Seen["at"]) =>
    createServer((request, response) => {
      const noted = note(request, at);
      seen.push(noted);
      void answer(request, response, noted).catch(() => response.destroy());
    });
  const [registry, cdn] = [serve("registry"), serve("cdn")];
  const [host, cdnHost] = await Promise.all([listenOn(registry), listenOn(cdn)]);

  async function answer(request: IncomingMessage, response: ServerResponse, noted: Seen): Promise<void> {
    const { pathname } = new URL(noted.url, "http://registry");
    if (pathname === "/token") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: options.token ?? "token" }));
      return;
    }
    if (
      noted.at === "registry" &&
      options.authorization !== undefined &&
      noted.authorization !== options.authorization
    ) {
      const challenge = (options.challenge ?? "").replace("{realm}", `http://${host}/token`);
      response.writeHead(401, { "www-authenticate": challenge }).end("{}");
      return;
    }
    const fault = options.fault?.(noted, seen) ?? {};
    if (fault.status !== undefined) {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
      return;
    }
    if (await uploads.answer(request, response, noted, fault)) return;
    const [, name, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? [];
    const manifest = manifests.get(`${name}:${tag}`);
    if (manifest !== undefined) {
      response.writeHead(200, { "content-type": MANIFEST_TYPE }).end(manifest);
      return;
    }
    const [, digest = ""] = /\/(sha256:[0-9a-f]{64})$/.exec(pathname) ?? [];
    const blob = blobs.get(digest);
    const [, repository] = /^\/v2\/(.+)\/blobs\//.exec(pathname) ?? [];
    if (blob === undefined || (repository !== undefined && !uploads.isIn(repository, digest))) {
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      return;
    }
    if (noted.at === "registry" && options.redirect !== undefined) {
      response
        .writeHead(options.redirect, { location: `http://${cdnHost}/files/${digest}?signature=1` })
        .end();
      return;
    }
    await sendBlob(request, response, noted, blob, fault);
  }

  async function sendBlob(
    request: IncomingMessage,
    response: ServerResponse,
    noted: Seen,
    blob: Uint8Array,
    fault: Fault,
  ) {
    const range = fault.ignoreRange ? null : /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const [first, last] = range ? [Number(range[1]), Number(range[2])] : [0, blob.length - 1];
    const content = blob.slice(first, last + 1);
    if (fault.corrupt) content[0] = content[0]! ^ 0xff;
    const shift = fault.wrongRange ? 1 : 0;
    response.writeHead(range ? 206 : 200, {
      "content-length": content.length,
      ...(range && { "content-range": `bytes ${first + shift}-${last + shift}/${blob.length}` }),
    });
    if (request.method === "HEAD") return void response.end();
    const rate = options.bytesPerSecond;
    const piece = rate === undefined ? 256 * 1024 : Math.max(1, Math.floor(rate / TICKS));
    const end = Math.min(
      content.length,
      fault.cutAfter ?? content.length,
      fault.stallAfter ?? content.length,
    );
    for (let at = 0; at < end && !response.destroyed; ) {
      const next = content.subarray(at, Math.min(end, at + piece));
      await new Promise<void>((resolve) => response.write(next, () => resolve()));
      at += next.length;
      noted.sent = at;
      if (rate !== undefined) await Bun.sleep(1000 / TICKS);
    }
    if (fault.cutAfter !== undefined) response.socket?.destroy();
    else if (fault.stallAfter === undefined) response.end();
  }

  const server: RegistryServer = {
    host,
    cdnHost,
    seen,
    options,
    blob(mediaType, content) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const digest = digestOf(bytes);
      blobs.set(digest, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    manifest(path, bytes) {
      manifests.set(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    },
    publish(path, ...layers) {
      const bytes = renderManifest({ config: server.blob(MEDIA.config, CONFIG), layers });
      server.manifest(path, bytes);
      return digestOf(bytes).slice(7);
    },
    fetches: (digest) =>
      seen.filter(({ method, url, sent }) => method === "GET" && url.includes(digest) && sent > 0),
    forgetUploads: () => uploads.forget(),
    stored: (key) => blobs.get(key) ?? manifests.get(key),
    async [Symbol.asyncDispose]() {
      for (const each of [registry, cdn]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
    },
  };
  return server;
}

function note(request: IncomingMessage, at: Seen["at"]): Seen {
  const { method = "", url = "", headers } = request;
  const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
  return {
    method,
    url,
    at,
    start,
    sent: 0,
    received: 0,
    ...(headers["content-range"] && { range: headers["content-range"] }),
    ...(headers.authorization && { authorization: headers.authorization }),
  };
}

async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
