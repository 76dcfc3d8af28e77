import { randomBytes } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { ModelName } from "../models/name.ts";
import { parseChallenge } from "./auth/challenge.ts";
import type { SshKey } from "./auth/ssh-key.ts";
import { readToken, signedBy, tokenUrl } from "./auth/token.ts";
import { checkRegistry, checkTarget, type RegistryPolicy } from "./policy.ts";
import { readBounded } from "./read-bounded.ts";
import { messageOf, upstream } from "./upstream.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Credentials {
  username: string;
  password: string;
}

export interface SessionDeps {
  fetch: Fetch;
  policy: RegistryPolicy;
  clock: Clock;
  /** The installation's key; made when it is first needed. */
  key(): Promise<SshKey>;
  userAgent: string;
  /** HF_TOKEN: sent to Hugging Face and nobody else. */
  huggingFaceToken: string | undefined;
}

export interface SessionOptions {
  /** Talk http, to private addresses too. */
  insecure: boolean;
  credentials?: Credentials;
}

export interface RegistryRequest {
  method: string;
  headers?: Record<string, string>;
  body?: RequestInit["body"];
  signal: AbortSignal;
}

/** A reply, and where it came from after redirects. */
export interface Answered {
  response: Response;
  url: URL;
}

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
  #authorizing: Promise<string> | undefined;

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
  async send(target: URL, request: RegistryRequest): Promise<Answered> {
    let url = target;
    let mayAuthorize = true;
    for (let hops = 0; hops <= MAX_REDIRECTS; ) {
      const response = await this.#fetch(url, request);
      if (response.status === 401 && this.#isOwn(url)) {
        await response.body?.cancel();
        if (!mayAuthorize) throw denied();
        mayAuthorize = false;
        await this.#authorize(response.headers.get("www-authenticate") ?? "", request.signal);
        continue;
      }
      const next = nextUrl(response, url, request.method);
      if (next === undefined) return { response, url };
      await response.body?.cancel();
      url = next;
      hops++;
    }
    throw upstream(`maximum redirects exceeded (${MAX_REDIRECTS}) for directURL`);
  }

  #isOwn(url: URL): boolean {
    return url.host === this.base.host && url.protocol === this.base.protocol;
  }

  async #fetch(
    url: URL,
    { method, headers, body, signal }: RegistryRequest,
    authorization = this.#isOwn(url) ? this.#authorization : undefined,
  ): Promise<Response> {
    await checkTarget(this.#deps.policy, url, this.#options.insecure);
    const all = {
      "user-agent": this.#deps.userAgent,
      // Blobs are addressed by their bytes; an encoding on the way would break ranges.
      "accept-encoding": "identity",
      ...headers,
      ...(authorization !== undefined && { authorization }),
    };
    try {
      const init = { method, headers: all, signal, redirect: "manual" as const };
      return await this.#deps.fetch(url.href, body === undefined ? init : { ...init, body });
    } catch (error) {
      signal.throwIfAborted();
      throw upstream(`${url.host}: ${messageOf(error)}`, error);
    }
  }

  /** Parts that are fetched side by side find a token expired at the same time; one of them gets the next. */
  async #authorize(header: string, signal: AbortSignal): Promise<void> {
    this.#authorizing ??= this.#obtain(header, signal).finally(() => {
      this.#authorizing = undefined;
    });
    this.#authorization = await this.#authorizing;
  }

  async #obtain(header: string, signal: AbortSignal): Promise<string> {
    const challenge = parseChallenge(header);
    const basic = basicOf(this.#options.credentials);
    if (challenge === undefined) throw denied();
    if (challenge.scheme === "basic") {
      if (basic === undefined) throw denied();
      return basic;
    }
    const seconds = Math.floor(this.#deps.clock.now() / 1000);
    const url = tokenUrl(challenge, this.base, { seconds, nonce: randomBytes(16).toString("base64url") });
    const authorization = basic ?? signedBy(await this.#deps.key(), url);
    const response = await this.#fetch(url, { method: "GET", signal }, authorization);
    const text = new TextDecoder().decode(await readBounded(response, MAX_TOKEN_REPLY, "registry token"));
    if (!response.ok)
      throw upstream(`the registry gives no token: ${response.status}: ${text.slice(0, 200)}`);
    return `Bearer ${readToken(decodeJson(text))}`;
  }
}

const denied = (): AppError => new AppError("forbidden", "unauthorized: access denied", { status: 401 });

const basicOf = (credentials: Credentials | undefined): string | undefined =>
  credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;

/** Where a reply sends us; undefined when it is the answer. */
function nextUrl({ status, headers }: Response, url: URL, method: string): URL | undefined {
  const location = headers.get("location");
  if (location === null || !(REDIRECTS.includes(status) || (status === 200 && method === "GET")))
    return undefined;
  const next = URL.parse(location, url.href);
  if (next === null) throw upstream(`the registry redirects to "${location}", which is no URL`);
  return status === 200 && next.href === url.href ? undefined : next;
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw upstream("the registry's reply has no token", error);
  }
}
