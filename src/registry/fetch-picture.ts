import { isIP } from "node:net";
import { AppError, badRequest } from "../lib/errors.ts";
import { isPrivateAddress } from "./address.ts";
import { fetchFromOne } from "./pinned-fetch.ts";
import { readBounded } from "./read-bounded.ts";

export interface PictureSource {
  /** OLLAMA_IMAGE_URLS: hosts, `*.host` for those below it, `*` for all of the internet. */
  hosts: readonly string[];
  /** The addresses of a host name. */
  lookup(hostname: string): Promise<string[]>;
  /** As `fetch`, to that address. */
  fetch(url: string, init: BunFetchRequestInit, address?: string): Promise<Response>;
  mostBytes: number;
}

const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 30_000;

/**
 * Fetches an image for a client, from the hosts that the server's owner has listed. Never from a private network, whatever is listed: the
 * model would tell the client what is on a picture from there.
 *
 * @throws AppError `bad_request` with the reason.
 */
export async function fetchPicture(
  url: string,
  source: PictureSource,
  signal: AbortSignal,
  redirects = MOST_REDIRECTS,
): Promise<Uint8Array> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined) throw badRequest("an image's URL is no URL");
  const addresses = await checkedAddresses(target, source);
  const init = {
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  } as const;
  const response = await fetchFromOne(addresses, (address) => source.fetch(target.href, init, address)).catch(
    (cause) => {
      signal.throwIfAborted();
      throw new AppError("bad_request", `the image at ${target.host} could not be fetched`, { cause });
    },
  );
  const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  if (location !== null) {
    await response.body?.cancel();
    if (redirects === 0) throw badRequest(`the image at ${target.host} is redirected too often`);
    return fetchPicture(new URL(location, target).href, source, signal, redirects - 1);
  }
  if (!response.ok)
    throw badRequest(`the image at ${target.host} could not be fetched: status ${response.status}`);
  try {
    return await readBounded(response, source.mostBytes, "the image");
  } catch (error) {
    signal.throwIfAborted();
    throw badRequest(AppError.from(error).message);
  }
}

async function checkedAddresses(url: URL, { hosts, lookup }: PictureSource): Promise<string[]> {
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw badRequest("an image's URL is neither http nor https");
  if (!hosts.some((pattern) => isNamed(pattern, url))) {
    throw badRequest(`images from "${url.host}" are not allowed: add it to OLLAMA_IMAGE_URLS on the server`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(literal) !== 0 ? [literal] : await lookup(url.hostname).catch(() => []);
  if (addresses.length === 0) throw badRequest(`the image's host "${url.hostname}" is not known`);
  if (addresses.some(isPrivateAddress)) throw badRequest(`"${url.host}" is in a private network`);
  return addresses;
}

function isNamed(pattern: string, { host, hostname }: URL): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted.startsWith("*.")) return hostname.endsWith(wanted.slice(1));
  return wanted === "*" || wanted === host || wanted === hostname;
}
