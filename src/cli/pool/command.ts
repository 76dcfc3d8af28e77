import type { Command } from "../command.ts";

/** `pool`: several servers behind one address. */
export const POOL: Command = {
  name: "pool",
  usage: "init|status",
  summary: "Print HAProxy's configuration for several servers, or show them",
  arity: { exactly: 1 },
  flags: [
    { name: "servers", kind: "text", hint: "a,b", summary: "The members, each host:port" },
    {
      name: "bind",
      kind: "text",
      hint: "address",
      summary: 'init: where clients call (default "127.0.0.1:8080")',
    },
    {
      name: "slots",
      kind: "integer",
      hint: "n",
      summary: "init: requests at once of a member without agent (default 1)",
    },
    {
      name: "agent-port",
      kind: "integer",
      hint: "n",
      summary: "init: port of the members' OLLAMA_AGENT_CHECK (default 11435)",
    },
    { name: "json", kind: "boolean", summary: "status: print JSON, for programs" },
  ],
  environment: [],
  needsServer: false,
  run: async (cli, argv) => (await import("./pool.ts")).pool(cli, argv),
};
