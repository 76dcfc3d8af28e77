import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureLibrary } from "../../native/vision/build.ts";
import { cachePath } from "./cache.ts";
import { colourProjector, smollm2 } from "./models.ts";
import { createModel, digestOfFile, startServer, type TestServer } from "./server.ts";

/**
 * A server that finds libmtmd built: it takes half a minute, and tests share it as they share models.
 *
 * @param env further environment.
 */
export async function startVisionServer(env: Record<string, string> = {}): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), "llamero-vision-"));
  await ensureLibrary({ cache: cachePath("engine"), say: () => {} });
  await mkdir(join(home, ".llamero"));
  await symlink(cachePath("engine"), join(home, ".llamero/engine"));
  const server = await startServer({ HOME: home, OLLAMA_NUM_THREADS: "1", ...env });
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/**
 * Creates SmolLM2 with the projector that knows ten colours. Its prompt is what the user says and nothing else, so that it can end in a
 * picture: then the model says what it is shown.
 */
export async function createEyes(
  server: TestServer,
  name: string,
  projector?: string,
  parameters: object = {},
): Promise<void> {
  const path = projector ?? (await colourProjector());
  const digest = await digestOfFile(path);
  await fetch(`${server.url}/api/blobs/${digest}`, { method: "POST", body: Bun.file(path) });
  const weights = await smollm2();
  await createModel(server, name, weights, {
    files: { "model.gguf": await digestOfFile(weights), "mmproj.gguf": digest },
    template: "{{ .Prompt }}",
    parameters: { temperature: 0, num_predict: 4, ...parameters },
  });
}
