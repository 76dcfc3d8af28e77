import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../../src/lib/error-code.ts";
import { python } from "../../support/python.ts";
import { freePort } from "../../support/server.ts";
import { until } from "./until.ts";

/** It migrates its database and imports most of a gigabyte of Python, on a machine that may be busy. */
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 20_000;

/** What it logged and how it looked, for whoever wants to see it; of the latest run. */
export const RECORDS = join(tmpdir(), "llamero-open-webui");

/** Its command line. It ends, children included, when stdin does: when the process of the tests is gone, however that ended. */
const SERVE = `
import os, signal, sys, threading
import open_webui

def watch():
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=watch, daemon=True).start()
sys.argv[0] = "open-webui"
open_webui.app()
`;

/**
 * What the built-in tools of every model are cut down to: the clock's. All of them are 25 KB of JSON in front of each message,
 * more than half of the context of a model this small.
 */
const BUILTIN_TOOLS = Object.fromEntries(
  [
    "automations",
    "calendar",
    "channels",
    "chats",
    "code_interpreter",
    "files",
    "image_generation",
    "knowledge",
    "memory",
    "notes",
    "notifications",
    "skills",
    "subagents",
    "tasks",
    "user_input",
    "web_search",
  ].map((category) => [category, false]),
);

/** open-webui in a process of its own, with data of its own and nobody to talk to but llamero. */
export interface OpenWebUi extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts open-webui without accounts and waits until it is healthy.
 *
 * @param ollamaUrl where it finds its models.
 * @param embeddingModel what it embeds documents with.
 */
export async function startOpenWebUi(ollamaUrl: string, embeddingModel: string): Promise<OpenWebUi> {
  const interpreter = await python("requirements-open-webui.txt");
  const home = await mkdtemp(join(tmpdir(), "llamero-open-webui-home-"));
  await rm(RECORDS, { recursive: true, force: true });
  await mkdir(RECORDS);
  const logPath = join(RECORDS, "open-webui.log");
  const log = openSync(logPath, "a");
  const port = freePort();
  const child = Bun.spawn([interpreter, "-c", SERVE, "serve", "--host", "127.0.0.1", "--port", `${port}`], {
    cwd: home,
    env: { ...environment(home), OLLAMA_BASE_URL: ollamaUrl, RAG_EMBEDDING_MODEL: embeddingModel },
    stdin: "pipe",
    stdout: log,
    stderr: log,
    // A process group of its own, so that its children end with it.
    detached: true,
  });
  closeSync(log);
  const app: OpenWebUi = {
    port,
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(home, { recursive: true, force: true });
    },
  };
  try {
    await untilHealthy(port, child);
  } catch (error) {
    await app[Symbol.asyncDispose]();
    throw new Error(`open-webui did not start: ${String(error)}\n${await Bun.file(logPath).text()}`);
  }
  return app;
}

/** Of the developer's environment only what a process needs, so that no setting of theirs and no proxy leads it astray. */
function environment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    DATA_DIR: join(home, "data"),
    WEBUI_SECRET_KEY: crypto.randomUUID(),
    WEBUI_AUTH: "False",
    ENABLE_OPENAI_API: "False",
    RAG_EMBEDDING_ENGINE: "ollama",
    DEFAULT_MODEL_METADATA: JSON.stringify({ builtinTools: BUILTIN_TOOLS }),
    // Nothing of the internet.
    OFFLINE_MODE: "true",
    HF_HUB_OFFLINE: "1",
    ENABLE_VERSION_UPDATE_CHECK: "false",
    ANONYMIZED_TELEMETRY: "False",
    DO_NOT_TRACK: "true",
    SCARF_NO_ANALYTICS: "true",
  };
}

function untilHealthy(port: number, child: Bun.Subprocess): Promise<void> {
  const isHealthy = async () => {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const signal = AbortSignal.timeout(2_000);
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal }).catch(() => undefined);
    return answer?.ok === true;
  };
  return until(isHealthy, "its health", START_LIMIT_MS);
}

async function end(child: Bun.Subprocess): Promise<void> {
  signalGroup(child.pid, "SIGTERM");
  const killer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), STOP_LIMIT_MS);
  await child.exited;
  clearTimeout(killer);
  signalGroup(child.pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}
