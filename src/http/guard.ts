import { emptyReply, textReply } from "../api/wire/reply.ts";
import type { HostConfig } from "../config/config.ts";
import { isAllowedHost, isLoopbackHost, isNamed, type Machine } from "./host-check.ts";
import { originRule } from "./origin.ts";
import type { RouteTable } from "./route-table.ts";

export interface GuardOptions {
  host: HostConfig;
  /** OLLAMA_ORIGINS. */
  origins: readonly string[];
  machine: Machine;
  routes: RouteTable;
}

/** A reply that ends the request here, or the headers that the reply to come gets. */
export type Verdict = { reply: Response } | { headers: Record<string, string> };

/** One line for whoever is puzzled; Ollama's refusal is empty. */
const forbidden = (line: string): Verdict => ({ reply: textReply(`${line}\n`, 403) });

/**
 * Who may call at all: the origin is looked at first, then the Host header, for every path and method
 * (spec: scheduler-and-env §4 and §5).
 */
export function createGuard({ host, origins, machine, routes }: GuardOptions) {
  const decide = originRule(origins);
  const loopback = host.unix === undefined && isLoopbackHost(host.hostname);

  function checkHost(request: Request, headers: Record<string, string>): Verdict {
    const header = request.headers.get("host");
    if (!loopback) return { headers };
    if (!isAllowedHost(header, machine)) {
      return forbidden("host not allowed: this server answers to local names and addresses only");
    }
    if (request.method !== "OPTIONS" || !isNamed(header)) return { headers };
    const methods = routes.methods(new URL(request.url).pathname);
    const reply = emptyReply(204);
    if (methods.length > 0) reply.headers.set("allow", methods.join(", "));
    return { reply };
  }

  return (request: Request): Verdict => {
    const [origin, requestHost] = [request.headers.get("origin"), request.headers.get("host")];
    const decision = decide({ method: request.method, origin, host: requestHost });
    if (decision.type === "refuse") {
      return forbidden("origin not allowed: add it to OLLAMA_ORIGINS on the server to let its pages call");
    }
    if (decision.type === "preflight") {
      return { reply: new Response(null, { status: 204, headers: decision.headers }) };
    }
    return checkHost(request, decision.type === "allow" ? decision.headers : {});
  };
}

export type Guard = ReturnType<typeof createGuard>;
