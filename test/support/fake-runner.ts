/**
 * A runner process without a model, for tests of the supervision: it speaks the protocol of src/engine/protocol.ts and does as it is
 * told. The model path says how it loads, the grammar how it answers; nothing depends on time.
 */
import { openSync, writeSync } from "node:fs";
import { sendGenerationMessage } from "../../native/runner/answer-socket.ts";
import { tokensIn } from "../../src/engine/pieces.ts";
import {
  ANSWER_FD,
  type FromRunner,
  type RunnerGenerate,
  type RunnerLoad,
  type ToRunner,
} from "../../src/engine/protocol.ts";
import { infoFor } from "./engine-fixtures.ts";

const send = (message: FromRunner) => process.send?.(message);

/** Generations that wait to be cancelled. */
const held = new Set<number>();

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToRunner) => handle(message));
send({ type: "hello" });

function handle(message: ToRunner): void {
  switch (message.type) {
    case "load":
      load(message);
      return;
    case "generate":
      generate(message);
      return;
    case "cancel":
      if (!held.delete(message.id)) return;
      sendGenerationMessage({
        type: "error",
        id: message.id,
        kind: "cancelled",
        message: "request canceled",
      });
      return;
    case "embed":
      send({
        type: "embeddings",
        id: message.id,
        vectors: message.inputs.map((tokens) => Float32Array.from(tokens)),
        lengths: message.inputs.map(({ length }) => length),
      });
      return;
    case "embed_texts":
      send({
        type: "text_tokens",
        id: message.id,
        tokens: message.texts.map((text) => [...text].map((c) => c.codePointAt(0) ?? 0)),
      });
      return;
    case "tokenize":
      send({ type: "tokens", id: message.id, tokens: [...message.text].map((c) => c.codePointAt(0) ?? 0) });
      return;
    case "detokenize":
      send({ type: "detokenized", id: message.id, text: String.fromCodePoint(...message.tokens) });
      return;
    case "pieces": {
      const pieces = message.tokens.map((token) => Buffer.from(String.fromCodePoint(token)));
      const lengths = Uint32Array.from(pieces, ({ length }) => length);
      send({ type: "pieces", id: message.id, bytes: Buffer.concat(pieces), lengths });
    }
  }
}

/** `<how>` or `<how>:<argument>` */
function load(request: RunnerLoad): void {
  const [how, argument = ""] = request.modelPath.split(/:(.*)/s);
  const ready = () => send({ type: "ready", info: infoFor(request.contextLength, request.parallel) });
  switch (how) {
    case "ok":
      ready();
      return;
    case "fail":
      send({ type: "failed", message: argument });
      return;
    case "abort":
      console.error(argument);
      process.abort();
      return;
    case "exit":
      process.exit(Number(argument));
      return;
    case "env":
      console.log(`${argument}=${process.env[argument]}`);
      process.exit(0);
      return;
    case "hang":
      console.log("load 0.25");
      console.error("waiting for the disk");
      return;
    case "signal":
      process.on("SIGUSR2", ready);
      console.error("waiting for the signal");
      return;
    case "chatter":
      for (let i = 0; i < Number(argument); i++) {
        console.error(`line ${i} ${"x".repeat(1000)}`);
        console.log(`load 0.${i % 10}`);
      }
      ready();
      return;
    case "garble":
      writeSync(ANSWER_FD, `${argument}\n`);
      return;
    case "fifo":
      // Its reader sees the end of the file when this process ends.
      openSync(argument, "w");
      ready();
      return;
    default:
      throw new Error(`unknown script: ${request.modelPath}`);
  }
}

function generate({ id, grammar, prompt }: RunnerGenerate): void {
  const tokens = tokensIn(prompt);
  const say = (text: string) => sendGenerationMessage({ type: "text", items: [{ id, text }] });
  switch (grammar) {
    case "hold":
      say("a");
      held.add(id);
      return;
    case "spin":
      say("a");
      // As a runner inside llama.cpp: it neither reads its IPC nor sees it close.
      for (;;) {}
    case "abort":
      say("a");
      console.error("/src/ggml.c:1: GGML_ASSERT(ok) failed");
      process.abort();
      return;
    case "disconnect":
      say("a");
      process.removeAllListeners("disconnect");
      setInterval(() => {}, 1000);
      process.disconnect?.();
      return;
    case "exit":
      for (const token of tokens) say(`${token} `);
      process.exit(3);
      return;
    default:
      for (const token of tokens) say(`${token} `);
      sendGenerationMessage({
        type: "done",
        id,
        reason: "stop",
        promptTokens: tokens.length,
        cachedTokens: 0,
        generatedTokens: tokens.length,
        promptDuration: 1,
        generateDuration: 1,
        tokens,
      });
  }
}
