import type { Caller } from "../api/caller.ts";
import { renderError } from "../api/ollama/render-error.ts";
import { emptyReply, textReply } from "../api/wire/reply.ts";
import type { Config } from "../config/config.ts";
import { AppError } from "../lib/errors.ts";
import { type Access, accessOf } from "./access.ts";
import { isAllowedHost, isLoopbackHost, isNamed, type Machine } from "./host-check.ts";
import { originRule } from "./origin.ts";
import { type Peer, peerOf } from "./peer.ts";
import type { RouteTable } from "./route-table.ts";

export interface GuardOptions {
  config: Pick<Config, "host" | "origins" | "allowedHosts" | "open">;
  machine: Machine;
  routes: RouteTable;
}

/** A reply that ends the request here, or the headers that the reply to come gets. */
export type Decision = { reply: Response } | { headers: Record<string, string> };

/** What becomes of a request, and who sends it. */
export type Verdict = Decision & { caller: Caller };

/** One line for whoever is puzzled; Ollama's refusal is empty. */
const forbidden = (line: string) => ({ reply: textReply(`${line}\n`, 403) });

/** In the form that the CLI and Ollama's clients read. */
const refused = (message: string) => ({ reply: renderError(new AppError("forbidden", message)) });

/**
 * Who may call what, for every path and method: the origin is looked at first, then the Host header (docs/behaviour:
 * scheduler-and-env §4 and §5), then how near the caller has to be for what the route gives access to.
 */
export function createGuard({ config, machine, routes }: GuardOptions) {
  const { host, origins, allowedHosts: allowed, open } = config;
  const decide = originRule(origins);
  const isUnix = host.unix !== undefined;
  const isLoopback = !isUnix && isLoopbackHost(host.hostname);
  const hostRule = { machine, isLoopback, allowed };

  function checkHost(request: Request): Decision | undefined {
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
    return { reply };
  }

  function checkAccess({ method, url }: Request, { nearness }: Peer): Decision | undefined {
    const path = routes.find(method, new URL(url).pathname);
    if (path === undefined || nearness === "loopback") return undefined;
    const access: Access = accessOf(method, path) ?? "local";
    if (access === "local") {
      const action = path.slice(path.lastIndexOf("/") + 1);
      return refused(`${action} reads the server's own files: run it on the server's machine`);
    }
    if (access !== "manage" || nearness === "private" || open) return undefined;
    return refused(
      `${path} is for callers on the server's machine or in its private network: OLLAMA_OPEN=1 on the server opens it to everybody`,
    );
  }

  function check(request: Request, peer: Peer): Decision {
    const [origin, requestHost] = [request.headers.get("origin"), request.headers.get("host")];
    const decision = decide({ method: request.method, origin, host: requestHost });
    if (decision.type === "refuse") {
      return forbidden("origin not allowed: add it to OLLAMA_ORIGINS on the server to let its pages call");
    }
    if (decision.type === "preflight") {
      return { reply: new Response(null, { status: 204, headers: decision.headers }) };
    }
    const headers = decision.type === "allow" ? decision.headers : {};
    return checkHost(request) ?? checkAccess(request, peer) ?? { headers };
  }

  /** @param address see {@link peerOf}. */
  return (request: Request, address: string | undefined): Verdict => {
    const peer = peerOf(request.headers, address, machine);
    return { ...check(request, peer), caller: { id: peer.address, address: peer.address } };
  };
}

export type Guard = ReturnType<typeof createGuard>;
