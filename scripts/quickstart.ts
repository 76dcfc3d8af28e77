import { homedir } from "node:os";
import { basename } from "node:path";
import { connect } from "../src/cli/connect.ts";
import { type AnswerMetrics, type Client, unwrap } from "../src/client/index.ts";
import type { HostConfig } from "../src/config/config.ts";
import { printHost, reachableHost } from "../src/config/host.ts";
import { resolveConfig } from "../src/config/resolve.ts";
import { type CachedModel, fetchModel } from "./fetch-model.ts";
import { SMOLLM2 } from "./models.ts";
import { Failure, runScript } from "./support/failure.ts";
import { installDependencies } from "./support/install.ts";
import { writeLauncher } from "./support/launcher.ts";
import { isPortTaken } from "./support/port.ts";
import { answers, startServer } from "./support/server-process.ts";

/**
 * From a fresh checkout to an answer: installs, gets a small model, starts the server, creates the model, asks it something,
 * and goes on serving. `--once` ends after the answer.
 *
 * Nothing here, nor anything it imports, needs node_modules: they may not be there yet.
 */
const PROMPT = "In one sentence: why is the sky blue?";

async function main(): Promise<void> {
  const config = resolveConfig(process.env, { homedir: homedir() });
  const client = connect(config);
  const url = printHost(reachableHost(config.host));
  await requireFreeAddress(config.host, client);
  await step("dependencies", async () => ((await installDependencies("run")) ? "installed" : "in place"));
  const model = await timed("model file", () => fetchModel(SMOLLM2));
  const stop = stopSignal();
  try {
    await using server = await timed("server", () => startServer(client, stop));
    await step("model", () => createModel(client, model, stop));
    await ask(client, stop);
    const launcher = await writeLauncher(homedir(), process.env.PATH ?? "");
    console.log(`\nCommand        ${launcher.says}`);
    console.log(`Chat           ${launcher.command} run ${SMOLLM2.model}`);
    console.log(`Serve again    ${launcher.command} serve`);
    console.log(`Documentation  ${url}/swagger`);
    console.log(`Try            curl ${url}/api/generate -d '{"model":"${SMOLLM2.model}","prompt":"Hello"}'`);
    if (process.argv.includes("--once")) return;
    console.log("Serving; Ctrl-C stops.\n");
    server.showLog();
    await untilStopped(server.exited, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** @throws Failure before anything is fetched, when somebody has the server's address already. */
async function requireFreeAddress(host: HostConfig, client: Client): Promise<void> {
  const url = printHost(reachableHost(host));
  const advice = "stop it, or set OLLAMA_HOST to another port";
  if (await answers(client))
    throw new Failure(`an Ollama-compatible server runs at ${url} already; ${advice}`);
  if (host.unix === undefined && isPortTaken(host.hostname, host.port))
    throw new Failure(`another program listens at ${url} already; ${advice}`);
}

/** Aborted by Ctrl-C and SIGTERM, so that the server is stopped whatever is going on. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Runs one step and prints its name, its outcome and the time it took. */
async function step(name: string, action: () => Promise<string>): Promise<void> {
  await timed(name, action);
}

async function timed<T>(name: string, action: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await action();
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const outcome = typeof result === "string" ? result : "ready";
  console.log(`${name.padEnd(14)} ${outcome.padEnd(10)} ${seconds} s`);
  return result;
}

/** Creates the model by the ordinary API, unless the server has it with the same weights. */
async function createModel(client: Client, file: CachedModel, signal: AbortSignal): Promise<string> {
  const digest = `sha256:${file.sha256}`;
  if ((await installedWeights(client, signal)).includes(file.sha256)) return "in place";
  if ((await client.api.blobs({ digest }).head({ signal })).error !== null) {
    await client.uploadBlob(digest, Bun.file(file.path), { signal });
  }
  const files = { [basename(file.path)]: digest };
  unwrap(await client.api.create.post({ model: SMOLLM2.model, files, stream: false }, { signal }));
  return "created";
}

/** The Modelfile of the installed model, whose FROM names the digest of its weights; "" when there is none. */
async function installedWeights(client: Client, signal: AbortSignal): Promise<string> {
  const shown = await client.api.show.post({ model: SMOLLM2.model }, { signal });
  return shown.error?.status === 404 ? "" : (unwrap(shown).modelfile ?? "");
}

async function ask(client: Client, signal: AbortSignal): Promise<void> {
  console.log(`\n>>> ${PROMPT}`);
  let metrics: AnswerMetrics = {};
  const messages = [{ role: "user", content: PROMPT }];
  for await (const chunk of client.chat({ model: SMOLLM2.model, messages }, { signal })) {
    process.stdout.write(chunk.message.content);
    if (chunk.done) metrics = chunk;
  }
  const { eval_count: count = 0, eval_duration: nanoseconds = 0 } = metrics;
  const rate = nanoseconds > 0 ? (count / nanoseconds) * 1e9 : 0;
  console.log(`\n\n${count} tokens, ${rate.toFixed(1)} tokens/s`);
}

/** Until the server ends by itself or somebody stops this process. */
async function untilStopped(exited: Promise<number>, stop: AbortSignal): Promise<void> {
  const asked = Promise.withResolvers<undefined>();
  stop.addEventListener("abort", () => asked.resolve(undefined));
  if (stop.aborted) return;
  const code = await Promise.race([exited, asked.promise]);
  if (code === undefined || stop.aborted) return;
  throw new Failure(`the server ended with exit code ${code}`);
}

await runScript(main);
