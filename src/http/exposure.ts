import type { Config } from "../config/config.ts";
import { isLoopbackHost } from "./host-check.ts";

/** What whoever starts the server should know of who can reach it; nothing where only this machine can. */
export function exposureWarnings({
  host,
  open,
  origins,
  allowedHosts,
}: Pick<Config, "host" | "open" | "origins" | "allowedHosts">): string[] {
  const warnings: string[] = [];
  if (host.unix === undefined && !isLoopbackHost(host.hostname)) {
    const power = open
      ? "use, pull, create and delete its models (OLLAMA_OPEN)"
      : "use its models, and every machine of its private network can pull, create and delete them";
    warnings.push(
      `the server listens beyond this machine and asks for no key: everybody who reaches it can ${power}`,
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
