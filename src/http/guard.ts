import type { Identity, KeyRing } from "../access/key-ring.ts";
import type { KnownKey } from "../access/known-key.ts";
import type { Caller } from "../api/caller.ts";
import { emptyReply, textReply } from "../api/wire/reply.ts";
import type { Config } from "../config/config.ts";
import { AppError } from "../lib/errors.ts";
import { type Access, accessOf, SCOPE_OF } from "./access.ts";
import { isAllowedHost, isLoopbackHost, isNamed, type Machine } from "./host-check.ts";
import { keyRefusal } from "./key-check.ts";
import { originRule } from "./origin.ts";
import { type Peer, peerFinder } from "./peer.ts";
import { refusal } from "./refusal.ts";
import type { RouteTable } from "./route-table.ts";

export interface GuardOptions {
  config: Pick<Config, "host" | "origins" | "allowedHosts" | "open" | "trustedProxies">;
  machine: Machine;
  routes: RouteTable;
  keys: KeyRing;
}

/** Is a request let in, and who is its caller? */
export interface Verdict {
  caller: Caller;
  /** Ends the request here. */
  reply?: Response;
  /** The error of that reply, where it is about keys or nearness. */
  failure?: AppError;
  /** Headers of the reply, whether it is this one or the route's. */
  headers: Record<string, string>;
  /** The key of a request for which a model works: the key's limits count. */
  metered?: KnownKey;
}

/** One line of explanation; Ollama's refusal is empty. */
const forbidden = (line: string): Response => textReply(`${line}\n`, 403);

/**
 * Decides who may call what, for every path and method: first by the origin, then by the Host header (docs/behaviour:
 * scheduler-and-env §4 and §5), then by the API key, or where none is required by how near the caller has to be for the route's kind of
 * access.
 */
export function createGuard({ config, machine, routes, keys }: GuardOptions) {
  const { host, origins, allowedHosts: allowed, open } = config;
  const decide = originRule(origins);
  const peerOf = peerFinder(machine, config.trustedProxies);
  const isUnix = host.unix !== undefined;
  const isLoopback = !isUnix && isLoopbackHost(host.hostname);
  const hostRule = { machine, isLoopback, allowed };

  function checkHost(request: Request): Response | undefined {
    const header = request.headers.get("host");
    if (isUnix) return undefined;
    if (!isAllowedHost(header, hostRule)) {
      return forbidden(
        "host not allowed: this server answers to addresses, local names and those in OLLAMA_ALLOWED_HOSTS",
      );
    }
    if (!isLoopback || request.method !== "OPTIONS" || !isNamed(header)) return undefined;
    const methods = routes.methods(new URL(request.url).pathname);
    const reply = emptyReply(204);
    if (methods.length > 0) reply.headers.set("allow", methods.join(", "));
    return reply;
  }

  /** The refusal of a caller that is too far away, where no key is required. */
  function checkNearness(path: string, access: Access, { nearness }: Peer): AppError | undefined {
    if (nearness === "loopback") return undefined;
    if (access === "admin")
      return tooFar(`${path} is for callers on the server's machine until there is an API key`);
    if (access !== "manage" || nearness === "private" || open) return undefined;
    return tooFar(
      `${path} is for callers on the server's machine or in its private network: OLLAMA_OPEN=1 on the server opens it to everybody`,
    );
  }

  function checkAccess(route: Route, identity: Identity, peer: Peer): AppError | undefined {
    const { path, access } = route;
    // An unknown path is refused like a known one: a caller without a key does not learn which paths exist.
    const refused = keys.required()
      ? keyRefusal(identity, path === undefined ? "infer" : SCOPE_OF[access])
      : path && checkNearness(path, access, peer);
    if (refused) return refused;
    if (path === undefined || access !== "local" || peer.nearness === "loopback") return undefined;
    const action = path.slice(path.lastIndexOf("/") + 1);
    return tooFar(`${action} reads the server's own files: run it on the server's machine`);
  }

  function check(request: Request, route: Route, identity: Identity, peer: Peer): Omit<Verdict, "caller"> {
    const [origin, requestHost] = [request.headers.get("origin"), request.headers.get("host")];
    const decision = decide({ method: request.method, origin, host: requestHost });
    if (decision.type === "refuse") {
      const reply = forbidden(
        "origin not allowed: add it to OLLAMA_ORIGINS on the server to let its pages call",
      );
      return { reply, headers: {} };
    }
    if (decision.type === "preflight") return { reply: emptyReply(204), headers: decision.headers };
    const headers = decision.type === "allow" ? decision.headers : {};
    const misnamed = checkHost(request);
    if (misnamed !== undefined) return { reply: misnamed, headers };
    const refused = checkAccess(route, identity, peer);
    return refused ? { reply: refusal(refused, route.pathname), failure: refused, headers } : { headers };
  }

  function routeOf({ method, url }: Request): Route {
    const { pathname } = new URL(url);
    const path = routes.find(method, pathname);
    return { pathname, path, access: (path === undefined ? undefined : accessOf(method, path)) ?? "local" };
  }

  /** @param address see {@link peerFinder}. */
  return (request: Request, address: string | undefined): Verdict => {
    const peer = peerOf(request.headers, address);
    const route = routeOf(request);
    const identity = keys.identify(request.headers);
    const key = identity.type === "known" ? identity.key : undefined;
    return {
      ...check(request, route, identity, peer),
      caller: callerOf(peer, key),
      ...(key && route.access === "infer" && { metered: key }),
    };
  };
}

/** The route of a request. */
interface Route {
  /** The path of the request. */
  pathname: string;
  /** The path of the route that answers, as it was registered; undefined where none does. */
  path: string | undefined;
  access: Access;
}

const tooFar = (message: string): AppError => new AppError("forbidden", message);

function callerOf({ address, nearness }: Peer, key: KnownKey | undefined): Caller {
  if (key !== undefined) return { id: `key:${key.id}`, address, key: { id: key.id, name: key.name } };
  // Callers behind one untrusted proxy cannot be told apart, but they can be told from programs on the proxy's own machine.
  return { id: nearness === "loopback" ? address : `from ${address}`, address };
}

export type Guard = ReturnType<typeof createGuard>;
