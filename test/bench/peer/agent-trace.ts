import type { BenchServer, ChatMessage } from "./server.ts";
import { prose } from "./text.ts";

/**
 * The shape of a session of a small coding agent, in tokens, about: as recorded of several (2,400 to 39,000 characters of system text,
 * 4 to 24 tools, one tool call a turn), with the smaller sizes, so that a turn of a server that forgets takes seconds.
 */
const SYSTEM_TOKENS = 1200;
const RESULT_TOKENS = [120, 400, 60];
/** After every answer most agents ask for a title or the next suggestion, with a system text of its own. */
const SIDE_TOKENS = 400;
const ANSWER_TOKENS = 8;

const text = (description: string) => ({ type: "string", description });
const whole = (description: string) => ({ type: "integer", minimum: 0, description });

/** Tools as coding agents declare them. */
const TOOLS = [
  {
    name: "read",
    description:
      "Reads a file of the project. Long files are read in parts, by the first line and the number of lines.",
    properties: {
      path: text("Absolute path"),
      offset: whole("First line"),
      limit: whole("Lines, 2000 at most"),
    },
    required: ["path"],
  },
  {
    name: "write",
    description:
      "Writes a file anew. Read a file before you write over it, and prefer to edit what is there.",
    properties: { path: text("Absolute path"), content: text("All of the new content") },
    required: ["path", "content"],
  },
  {
    name: "edit",
    description: "Replaces a text that occurs exactly once in a file, with its white space as it is there.",
    properties: { path: text("Absolute path"), old: text("What is there"), new: text("What is to be there") },
    required: ["path", "old", "new"],
  },
  {
    name: "grep",
    description:
      "Searches the project with a regular expression and lists files, newest first, with lines that match.",
    properties: {
      pattern: text("Regular expression"),
      glob: text("e.g. **/*.ts"),
      context: whole("Lines around"),
    },
    required: ["pattern"],
  },
  {
    name: "run",
    description:
      "Runs a command in a shell of the project's folder and tells what it has printed. Two minutes at most.",
    properties: {
      command: text("The command line"),
      timeout: whole("Milliseconds"),
      why: text("In five words"),
    },
    required: ["command"],
  },
].map(({ name, description, ...schema }) => ({
  type: "function",
  function: { name, description, parameters: { type: "object", ...schema, additionalProperties: false } },
}));

/** A tool that was called, and what it told. */
function called(id: string, result: string): ChatMessage[] {
  const call = { id, type: "function", function: { name: "read", arguments: '{"path":"/src/main.ts"}' } };
  return [
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", content: result, tool_call_id: id },
  ];
}

/** First tokens of an agent's later turns, in milliseconds on the average, with a side request after every answer. */
export async function agentTrace(server: BenchServer, salt: number): Promise<number> {
  const messages: ChatMessage[] = [
    { role: "system", content: prose(SYSTEM_TOKENS, salt) },
    { role: "user", content: "Find what is wrong in main.ts." },
  ];
  await server.agentTurn(messages, TOOLS, ANSWER_TOKENS);
  let milliseconds = 0;
  for (const [turn, tokens] of RESULT_TOKENS.entries()) {
    await sideRequest(server, salt * 10 + turn);
    messages.push(...called(`call_${turn}`, prose(tokens, salt * 10 + turn)));
    milliseconds += (await server.agentTurn(messages, TOOLS, ANSWER_TOKENS)).firstMs;
  }
  return milliseconds / RESULT_TOKENS.length;
}

async function sideRequest(server: BenchServer, salt: number): Promise<void> {
  const messages = [
    { role: "system", content: prose(SIDE_TOKENS, -salt) },
    { role: "user", content: "A title of five words for this conversation." },
  ];
  await server.agentTurn(messages, [], ANSWER_TOKENS);
}
