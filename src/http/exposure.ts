import type { Config } from "../config/config.ts";
import { isLoopbackHost } from "./host-check.ts";

type Exposure = Pick<Config, "host" | "open" | "origins" | "allowedHosts" | "tlsCert">;

/**
 * Warnings for whoever starts the server about who can reach it; none where only this machine can.
 *
 * @param keys callers are asked for API keys.
 */
export function exposureWarnings(
  { host, open, origins, allowedHosts, tlsCert }: Exposure,
  keys: boolean,
): string[] {
  const warnings: string[] = [];
  const isFar = host.unix === undefined && !isLoopbackHost(host.hostname);
  if (isFar && keys && tlsCert === "") {
    warnings.push(
      "API keys go over the network unencrypted: set OLLAMA_TLS_CERT and OLLAMA_TLS_KEY, or let a proxy speak https",
    );
  }
  if (isFar && !keys) {
    const power = open
      ? "use, pull, create and delete its models (OLLAMA_OPEN)"
      : "use its models, and every machine of its private network can pull, create and delete them";
    warnings.push(
      `the server listens beyond this machine and asks for no key: everybody who reaches it can ${power}; "llamero keys create" makes one`,
    );
  }
  if (origins.includes("*")) {
    warnings.push("OLLAMA_ORIGINS=*: every page that a browser near the server opens can call it");
  }
  if (allowedHosts.includes("*")) {
    warnings.push(
      "OLLAMA_ALLOWED_HOSTS=*: pages can reach the server under names of their own (DNS rebinding)",
    );
  }
  return warnings;
}
