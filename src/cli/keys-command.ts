import { VARIABLES } from "../config/variables.ts";
import type { Command } from "./command.ts";

/** `llamero keys`. */
export const KEYS: Command = {
  name: "keys",
  usage: "[create NAME | list | revoke NAME|ID]",
  summary: "Make, list and revoke API keys",
  arity: { atMost: 2 },
  flags: [
    {
      name: "scope",
      kind: "text",
      hint: "scopes",
      summary: "Of a new key: infer (default), manage or admin, each including those before",
    },
    { name: "expires", kind: "text", hint: "when", summary: "Of a new key: 30d, 12h or a date" },
    { name: "concurrency", kind: "integer", hint: "n", summary: "Of a new key: requests at once" },
    { name: "tokens-per-minute", kind: "integer", hint: "n", summary: "Of a new key: tokens in a minute" },
    { name: "tokens-per-day", kind: "integer", hint: "n", summary: "Of a new key: tokens in a day (UTC)" },
    {
      name: "offline",
      kind: "boolean",
      summary: "Make it in the books of OLLAMA_MODELS on this machine, without the server",
    },
    { name: "json", kind: "boolean", summary: "Print JSON, for programs" },
  ],
  environment: [VARIABLES.host, VARIABLES.apiKey, VARIABLES.modelsDir].map(({ name }) => name),
  needsServer: false,
  run: async (cli, argv) => (await import("./keys.ts")).keys(cli, argv),
};
