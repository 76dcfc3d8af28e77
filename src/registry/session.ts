import { randomBytes } from "node:crypto";
import type { RegistryMirror } from "../config/mirror.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, messageOf } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { ModelName } from "../models/name.ts";
import { type Challenge, parseChallenge } from "./auth/challenge.ts";
import type { SshKey } from "./auth/ssh-key.ts";
import { readToken, signedBy, tokenUrl } from "./auth/token.ts";
import { fetchFromOne } from "./pinned-fetch.ts";
import { checkRegistry, checkTarget, type RegistryPolicy } from "./policy.ts";
import { readBounded } from "./read-bounded.ts";
import { upstream } from "./upstream.ts";

/** `address`: the address to connect to, instead of looking up the URL's host; see `pinned-fetch.ts`. */
type Fetch = (url: string, init: RequestInit, address?: string) => Promise<Response>;

export interface Credentials {
  username: string;
  password: string;
}

export interface SessionDeps {
  fetch: Fetch;
  policy: RegistryPolicy;
  /** Asked instead of the registries that they stand for. */
  mirrors: readonly RegistryMirror[];
  logger: Logger;
  clock: Clock;
  /** The installation's key; made when it is first needed. */
  key(): Promise<SshKey>;
  userAgent: string;
  /** HF_TOKEN: sent to Hugging Face and nobody else. */
  huggingFaceToken: string | undefined;
}

export interface SessionOptions {
  /** Talk http. */
  insecure: boolean;
  credentials?: Credentials;
}

export interface RegistryRequest {
  method: string;
  headers?: Record<string, string>;
  /** Called for each time that the request is sent: with a token it is sent again. */
  body?: () => NonNullable<RequestInit["body"]>;
  signal: AbortSignal;
  /** `manual`: a redirect is the answer. Default `follow`. */
  redirect?: "follow" | "manual";
  /** Send no credentials: the URL carries its own permission. */
  anonymous?: true;
}

/** A reply, and where it came from after redirects. */
export interface RegistryReply {
  response: Response;
  url: URL;
}

/** Error codes of a look-up that finds no such name, or no name server. */
const UNKNOWN_HOST = /\b(ENOTFOUND|EAI_AGAIN)\b/;

/** Most characters of a registry's reason in an error. */
const SHOWN_REASON = 500;
const MAX_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
const HUGGING_FACE = ["hf.co", "huggingface.co"];
const MAX_TOKEN_REPLY = 64 * 1024;

/** One operation's conversation with one registry. Tokens live as long as it does, and go to that host only. */
export class RegistrySession {
  readonly base: URL;
  readonly #deps: SessionDeps;
  readonly #options: SessionOptions;
  #authorization: string | undefined;
  /** All scopes that tokens have been requested for: one token serves requests with different needs side by side. */
  readonly #scopes = new Set<string>();
  #authorizing: { key: string; done: Promise<void> } | undefined;

  /** @throws AppError 403 when the registry is not allowed. */
  constructor({ host }: Pick<ModelName, "host">, options: SessionOptions, deps: SessionDeps) {
    checkRegistry(deps.policy, host);
    const url = URL.parse(`${options.insecure ? "http" : "https"}://${host}`);
    if (url === null) throw new AppError("bad_request", `"${host}" is no host of a registry`);
    this.base = url;
    this.#deps = deps;
    this.#options = options;
    const { huggingFaceToken: token } = deps;
    if (token !== undefined && url.protocol === "https:" && HUGGING_FACE.includes(url.host)) {
      this.#authorization = `Bearer ${token}`;
    }
  }

  /**
   * Sends a request and follows redirects, credentials staying behind at the registry's host. A 200 that has a Location is a
   * redirect, too, as Ollama's registry has it.
   *
   * @throws AppError `unauthorized: access denied` when a token does not help; 403 for a target that is not allowed.
   */
  async send(target: URL, request: RegistryRequest): Promise<RegistryReply> {
    let url = target;
    let mayAuthorize = true;
    for (let hops = 0; hops <= MAX_REDIRECTS; ) {
      const response = await this.#fetch(url, request);
      if (response.status === 401 && this.isOwn(url) && !request.anonymous) {
        await response.body?.cancel();
        if (!mayAuthorize) throw denied();
        mayAuthorize = false;
        await this.#authorize(response.headers.get("www-authenticate") ?? "", request.signal);
        continue;
      }
      const next = request.redirect === "manual" ? undefined : nextUrl(response, url, request.method);
      if (next === undefined) return { response, url };
      await response.body?.cancel();
      url = next;
      hops++;
    }
    throw upstream(`maximum redirects exceeded (${MAX_REDIRECTS}) for directURL`);
  }

  /**
   * The URL of a `Location` header of the registry. On the registry's own host it keeps the scheme of our request: behind a proxy that
   * ends TLS the registry may not know that it is reached over https.
   *
   * @throws AppError for what is no URL.
   */
  resolve(location: string, from: URL): URL {
    const url = URL.parse(location, from.href);
    if (url === null) throw upstream(`the registry names "${location}", which is no URL`);
    if (url.host === this.base.host && this.base.protocol === "https:") url.protocol = "https:";
    return url;
  }

  /**
   * Is this URL on the registry itself, rather than on a host that it has redirected to? Texts of other hosts are not for clients: a
   * redirect may lead to a host that only the server can reach.
   */
  isOwn(url: URL): boolean {
    return url.host === this.base.host && url.protocol === this.base.protocol;
  }

  /** The reason of a refusal, in words for people. @param body the body of the reply. */
  reasonOf(url: URL, body: string): string {
    if (!this.isOwn(url)) return `the host that ${this.base.host} has sent us to refuses`;
    return body.trim().slice(0, SHOWN_REASON) || `${this.base.host} gives no reason`;
  }

  async #fetch(
    url: URL,
    { method, headers, body, signal, anonymous }: RegistryRequest,
    authorization = this.isOwn(url) && !anonymous ? this.#authorization : undefined,
  ): Promise<Response> {
    const addresses = await checkTarget(this.#deps.policy, url, this.#options.insecure);
    const all = {
      "user-agent": this.#deps.userAgent,
      // Blobs are addressed by their bytes; an encoding on the way would break ranges.
      "accept-encoding": "identity",
      ...headers,
      ...defined({ authorization }),
    };
    try {
      const init = { method, headers: all, signal, redirect: "manual" as const };
      return await fetchFromOne(addresses, (address) =>
        this.#deps.fetch(url.href, body === undefined ? init : { ...init, body: body() }, address),
      );
    } catch (error) {
      signal.throwIfAborted();
      const reason = messageOf(error);
      const hint = UNKNOWN_HOST.test(reason) ? "; is there a network?" : "";
      throw upstream(`${url.host}: ${reason}${hint}`, error);
    }
  }

  /** Parts that go side by side find a token expired at the same time; only one of them gets a new one. */
  async #authorize(header: string, signal: AbortSignal): Promise<void> {
    const challenge = parseChallenge(header);
    if (challenge === undefined) throw denied();
    if (challenge.scheme === "bearer") for (const scope of challenge.scopes) this.#scopes.add(scope);
    const scopes = [...this.#scopes];
    const key = scopes.toSorted().join(" ");
    if (this.#authorizing?.key !== key) {
      const before = this.#authorizing?.done.catch(() => {});
      const obtain = async (): Promise<void> => {
        await before;
        this.#authorization = await this.#obtain(challenge, scopes, signal);
      };
      const authorizing = { key, done: obtain() };
      this.#authorizing = authorizing;
      const forget = (): void => {
        if (this.#authorizing === authorizing) this.#authorizing = undefined;
      };
      authorizing.done.then(forget, forget);
    }
    await this.#authorizing.done;
  }

  async #obtain(challenge: Challenge, scopes: string[], signal: AbortSignal): Promise<string> {
    const basic = basicOf(this.#options.credentials);
    if (challenge.scheme === "basic") {
      if (basic === undefined) throw denied();
      return basic;
    }
    const seconds = Math.floor(this.#deps.clock.now() / 1000);
    const url = tokenUrl({ ...challenge, scopes }, this.base, {
      seconds,
      nonce: randomBytes(16).toString("base64url"),
    });
    const authorization = basic ?? signedBy(await this.#deps.key(), url);
    const response = await this.#fetch(url, { method: "GET", signal }, authorization);
    const text = new TextDecoder().decode(await readBounded(response, MAX_TOKEN_REPLY, "registry token"));
    if (response.status === 401 || response.status === 403) throw denied();
    if (!response.ok)
      throw upstream(`the registry gives no token: ${response.status}: ${text.slice(0, 200)}`);
    return `Bearer ${readToken(decodeJson(text))}`;
  }
}

const denied = (): AppError => new AppError("forbidden", "unauthorized: access denied", { status: 401 });

const basicOf = (credentials: Credentials | undefined): string | undefined =>
  credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;

/** The URL that a reply redirects to; undefined when it is no redirect. */
function nextUrl({ status, headers }: Response, url: URL, method: string): URL | undefined {
  const location = headers.get("location");
  if (location === null || !(REDIRECTS.includes(status) || (status === 200 && method === "GET")))
    return undefined;
  const next = URL.parse(location, url.href);
  if (next === null) throw upstream(`the registry redirects to "${location}", which is no URL`);
  // A redirect must not make us log in elsewhere with credentials in its URL.
  next.username = "";
  next.password = "";
  return status === 200 && next.href === url.href ? undefined : next;
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw upstream("the registry's reply has no token", error);
  }
}
