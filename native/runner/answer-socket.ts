import { writeSync } from "node:fs";
import { ANSWER_FD, type GenerationMessage } from "../../src/engine/protocol.ts";

const encoder = new TextEncoder();

/**
 * Tells the server about answers. Written at once and from here, not through Bun's IPC: that costs a step twice the time, in both
 * processes. Blocks while the server does not read, once a few hundred tokens wait.
 */
export function sendGenerationMessage(message: GenerationMessage): void {
  const line = encoder.encode(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < line.length; ) sent += writeSync(ANSWER_FD, line, sent);
}
