/** The runner process: one model, driven as src/engine/protocol.ts says. It lives as long as its parent. */
import type { FromRunner, RunnerLoad, ToRunner } from "../../src/engine/protocol.ts";
import { AppError } from "../../src/lib/errors.ts";
import { findBinary, libraryFrom } from "./binary.ts";
import { openDisk } from "./cache/open-disk.ts";
import { letOthersFirst } from "./courtesy.ts";
import { loadModel } from "./engine.ts";
import { reportTrouble, Service } from "./service.ts";
import { libmtmdFor, makeProjector } from "./sight.ts";

/** Time for the `failed` message to leave before the process does. */
const SEND_MS = 1000;

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
    if (request.embeddingOnly) letOthersFirst();
    const libmtmd = await libmtmdFor(request, cache);
    if (libmtmd !== undefined) await makeProjector(request);
    const model = await loadModel(request, findBinary(libraryFrom(library), { cache }), libmtmd);
    const disk = await openDisk(request.cache, model, reportTrouble);
    serve(new Service(model, request, disk, send));
    send({ type: "ready", info: model.info });
  } catch (error) {
    send({ type: "failed", message: AppError.from(error).message });
    setTimeout(() => process.exit(1), SEND_MS);
  }
}

function serve(service: Service): void {
  process.on("message", (message: ToRunner) => {
    if (message.type === "retire") void service.retire().then(() => process.exit(0));
    else service.handle(message);
  });
}
