/** The runner process: one model, driven as src/engine/protocol.ts says. It lives as long as its parent. */
import type { FromRunner, RunnerLoad, ToRunner } from "../../src/engine/protocol.ts";
import { AppError } from "../../src/lib/errors.ts";
import { sendGenerationMessage } from "./answer-socket.ts";
import { findBinary, libraryFrom } from "./binary.ts";
import { Embedder } from "./embedder.ts";
import { type LoadedModel, loadModel } from "./engine.ts";
import { blindness, libmtmdFor } from "./sight.ts";
import { StepLoop } from "./step-loop.ts";

/** Time for the `failed` message to leave before the process does. */
const FAREWELL_MS = 1000;

function send(message: FromRunner): void {
  process.send?.(message);
}

process.on("disconnect", () => process.exit(0));
process.once("message", (message: ToRunner) => {
  if (message.type === "load") void start(message);
});
send({ type: "hello" });

async function start(request: RunnerLoad): Promise<void> {
  const [library, cache = ""] = process.argv.slice(2);
  try {
    const libmtmd = await libmtmdFor(request, cache);
    const model = await loadModel(request, findBinary(libraryFrom(library)), libmtmd);
    serve(model, request);
    send({ type: "ready", info: model.info });
  } catch (error) {
    send({ type: "failed", message: AppError.from(error).message });
    setTimeout(() => process.exit(1), FAREWELL_MS);
  }
}

function serve(model: LoadedModel, request: RunnerLoad): void {
  let running = false;
  const wake = (): void => {
    if (running) return;
    running = true;
    setImmediate(pump);
  };
  const loop = request.embeddingOnly ? undefined : new StepLoop(model, sendGenerationMessage, wake);
  const embedder = new Embedder(model, send);
  const pump = (): void => {
    const stepped = loop?.step() ?? false;
    embedder.step();
    running = !embedder.idle || (stepped && !loop?.idle);
    // Between steps the event loop turns once: that is when cancellations and new requests are read.
    if (running) setImmediate(pump);
  };
  process.on("message", (message: ToRunner) => {
    if (message.type === "look") void look(message, model, request);
    else handle(message, model, loop, embedder);
    wake();
  });
}

async function look(
  { id, holder, ...picture }: Extract<ToRunner, { type: "look" }>,
  { sight }: LoadedModel,
  request: RunnerLoad,
): Promise<void> {
  try {
    if (sight === undefined) throw blindness(request);
    send({ type: "seen", id, pieces: await sight.gallery.look(holder, picture) });
  } catch (error) {
    const { kind, message } = AppError.from(error);
    const known = kind === "bad_request" || kind === "unsupported" ? kind : "engine";
    send({ type: "error", id, kind: known, message });
  }
}

type Handled = Exclude<ToRunner, { type: "look" }>;

function handle(message: Handled, model: LoadedModel, loop: StepLoop | undefined, embedder: Embedder): void {
  switch (message.type) {
    case "generate":
      if (loop !== undefined) loop.add(message);
      else
        sendGenerationMessage({
          type: "error",
          id: message.id,
          kind: "bad_request",
          message: "this model embeds and does not generate text",
        });
      return;
    case "embed":
      embedder.add(message.id, message.inputs);
      return;
    case "cancel":
      loop?.cancel(message.id);
      embedder.cancel(message.id);
      return;
    case "tokenize":
      send({
        type: "tokens",
        id: message.id,
        tokens: model.vocabulary.tokenize(message.text, message.addSpecial, message.parseSpecial),
      });
      return;
    case "detokenize":
      send({ type: "detokenized", id: message.id, text: model.vocabulary.detokenize(message.tokens) });
      return;
    case "pieces":
      send({ type: "pieces", id: message.id, ...packed(model.vocabulary.pieces(message.tokens)) });
      return;
    case "forget":
      model.sight?.gallery.forget(message.holder);
      return;
    case "load":
      throw new AppError("internal", "a runner loads one model, once");
    default:
      message satisfies never;
  }
}

/** One array instead of a million small ones, which IPC would take one by one. */
const packed = (pieces: readonly Uint8Array[]): { bytes: Uint8Array; lengths: Uint32Array } => ({
  bytes: Buffer.concat(pieces),
  lengths: Uint32Array.from(pieces, ({ length }) => length),
});
