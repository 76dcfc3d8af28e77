import { longText } from "../work.ts";
import type { BenchServer } from "./server.ts";

/** Tools as coding agents declare them. */
const TOOLS = ["read", "write", "edit", "grep", "run"].map((name) => ({
  type: "function",
  function: {
    name,
    description: `${name} in the project's folder`,
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, text: { type: "string" }, limit: { type: "integer" } },
      required: ["path"],
    },
  },
}));
const TURNS = 3;

/**
 * First tokens of an agent's turns, in milliseconds on the average: a long system message, tools, results that come back as messages, and
 * after every answer a side request for a title, which pushes the conversation out of a server's only slot.
 */
export async function agentTrace(server: BenchServer, salt: number): Promise<number> {
  const system = { role: "system", content: longText(400, salt) };
  const messages = [system, { role: "user", content: "Find what is wrong in main.ts." }];
  let milliseconds = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    milliseconds += (await server.agentTurn(messages, TOOLS, 4)).firstMs;
    await server.agentTurn([{ role: "user", content: `A title for: ${salt} ${turn}` }], [], 4);
    messages.push(
      {
        role: "assistant",
        content: "",
        ...{
          tool_calls: [
            {
              id: `call_${turn}`,
              type: "function",
              function: { name: "read", arguments: '{"path":"main.ts"}' },
            },
          ],
        },
      },
      { role: "tool", content: longText(60, salt + turn), ...{ tool_call_id: `call_${turn}` } },
    );
  }
  return milliseconds / TURNS;
}
