import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgentName } from "../../src/cli/launch/names.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { python } from "./python.ts";
import { type ProgramResult, runCommand } from "./run-program.ts";
import type { Script } from "./scripted-model.ts";
import { openTerminal, type TerminalSession } from "./tmux.ts";

/** A coding agent as the tests run it: without a person, with nothing but 127.0.0.1, and in a home of its own. */
export interface TestedAgent {
  name: AgentName;
  package: { registry: "npm" | "PyPI"; name: string; version: string };
  /** Its own arguments, in front of the task. */
  args: readonly string[];
  /** Turns off what it would tell or ask others. */
  env?: Readonly<Record<string, string>>;
  /** What the model does in it. */
  script: Script;
  /** What it asks for without its key, whatever it has been told, and does without where that is refused. */
  asksWithoutKey?: readonly string[];
}

const TASK = "List the files.";
/** What the model says in the end. */
export const FINAL_WORDS = "These are all files, every single one.";

const calling = (name: string, values: Record<string, unknown>): Script => ({
  call: { name, arguments: values },
  say: FINAL_WORDS,
});

const npm = (name: string, version: string) => ({ registry: "npm" as const, name, version });

export const TESTED_AGENTS: readonly TestedAgent[] = [
  {
    name: "claude",
    package: npm("@anthropic-ai/claude-code", "2.1.197"),
    args: ["--allowedTools", "Bash", "-p"],
    env: { DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1" },
    script: calling("Bash", { command: "ls" }),
  },
  {
    name: "codex",
    package: npm("@openai/codex", "0.171.0"),
    args: ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
    script: calling("exec_command", { cmd: "ls" }),
  },
  {
    name: "opencode",
    package: npm("opencode-ai", "1.18.33"),
    args: ["run"],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    },
    script: calling("bash", { command: "ls", description: "Lists the files" }),
  },
  {
    name: "qwen",
    package: npm("@qwen-code/qwen-code", "0.15.10"),
    args: ["--yolo", "-p"],
    // It would ask a proxy for this machine too.
    env: {
      QWEN_TELEMETRY_ENABLED: "false",
      HTTP_PROXY: "",
      HTTPS_PROXY: "",
      http_proxy: "",
      https_proxy: "",
    },
    script: calling("run_shell_command", { command: "ls", is_background: false }),
  },
  {
    name: "copilot",
    package: npm("@github/copilot", "1.0.102"),
    args: ["--allow-all-tools", "-p"],
    env: { COPILOT_OFFLINE: "true" },
    script: calling("bash", { command: "ls", description: "Lists the files" }),
  },
  {
    name: "pi",
    package: npm("@mariozechner/pi-coding-agent", "0.73.1"),
    args: ["--offline", "-p"],
    env: { PI_TELEMETRY: "0" },
    script: calling("bash", { command: "ls" }),
  },
  {
    name: "cline",
    package: npm("cline", "3.0.65"),
    args: [],
    env: { CLINE_TELEMETRY_DISABLED: "1", CLINE_NO_AUTO_UPDATE: "1" },
    script: calling("run_commands", { commands: ["ls"] }),
    asksWithoutKey: ["/api/tags"],
  },
  {
    name: "aider",
    package: { registry: "PyPI", name: "aider-chat", version: "0.86.2" },
    args: [
      ...["--yes-always", "--no-git", "--no-check-update", "--analytics-disable", "--no-pretty"],
      ...["--no-show-model-warnings", "--no-show-release-notes", "--edit-format", "whole"],
      // What is wrong with an edit is the next turn's question.
      ...["--no-auto-lint", "--auto-test", "--test-cmd", "grep -n teh notes.txt; false", "--message"],
    ],
    env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    // It sends no tools: an edit is a listing of the whole file.
    script: { say: "notes.txt\n```\nall of teh files\n```\n" },
  },
];

const INSTALL_TIMEOUT_MS = 900_000;
const RUN_TIMEOUT_MS = 420_000;

/** The folder of an agent's commands, installed once per version, outside of the checkout. */
async function installed({ package: { registry, name, version } }: TestedAgent): Promise<string> {
  if (registry === "PyPI") return dirname(await python("requirements-aider.txt"));
  const folder = cachePath(`agent-${name.replaceAll("/", "_")}-${version}`);
  await makeOnce(folder, "package-lock.json", async (target) => {
    await mkdir(target);
    const { PATH = "", HOME = "" } = process.env;
    const command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", target];
    const { code, stderr } = await runCommand([...command, `${name}@${version}`], {
      env: { PATH, HOME },
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    if (code !== 0) throw new Error(`npm install ${name}@${version}:\n${stderr}`);
  });
  return join(folder, "node_modules/.bin");
}

/** Where an agent runs. */
interface Surroundings {
  /** Where it finds the server, as OLLAMA_HOST says it. */
  host: string;
  /** An empty folder. */
  home: string;
  /** What the server asks for; "" for nothing. */
  key: string;
}

const MAIN = join(import.meta.dir, "../../src/main.ts");

/** Launches an agent with a task, in a folder with one file. */
export function runAgent(agent: TestedAgent, where: Surroundings): Promise<ProgramResult> {
  const launch = ["launch", agent.name, "--model", agent.name, "--", ...agent.args, TASK];
  return runHere(agent, [process.execPath, MAIN, ...launch], where, {});
}

/** The same without a task, with a person at a terminal. @param model that it is launched with. */
export async function openAgent(
  agent: TestedAgent,
  model: string,
  args: readonly string[],
  where: Surroundings,
): Promise<TerminalSession> {
  const { cwd, env } = await placeOf(agent, where);
  const launch = [process.execPath, MAIN, "launch", agent.name, "--model", model, "--", ...args];
  const command = launch.map((word) => `'${word}'`).join(" ");
  return openTerminal(`cd '${cwd}'; ${command}; echo "code $?"; sleep 600`, {
    ...env,
    TERM: "xterm-256color",
  });
}

/** Codex as it finds a local server by itself. */
export function runCodexOss(agent: TestedAgent, where: Surroundings): Promise<ProgramResult> {
  const command = [
    "codex",
    ...agent.args,
    "--oss",
    "--local-provider",
    "ollama",
    "-m",
    `${agent.name}:latest`,
    TASK,
  ];
  return runHere(agent, command, where, { CODEX_OSS_BASE_URL: `http://${where.host}/v1` });
}

async function runHere(
  agent: TestedAgent,
  command: string[],
  where: Surroundings,
  env: Record<string, string>,
): Promise<ProgramResult> {
  const place = await placeOf(agent, where);
  return runCommand(command, {
    cwd: place.cwd,
    env: { ...place.env, ...env },
    timeoutMs: RUN_TIMEOUT_MS,
  });
}

/** A folder with one file, and an environment in which an agent finds its server and nothing else. */
async function placeOf(agent: TestedAgent, { host, home, key }: Surroundings) {
  const cwd = join(home, "work");
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, "marmot.txt"), "whistles\n");
  const bin = await installed(agent);
  const env = {
    ...{ HOME: home, LANG: "C.UTF-8", TERM: "dumb", CI: "1", OLLAMA_HOST: host },
    ...(key !== "" && { OLLAMA_API_KEY: key }),
    PATH: `${bin}:${process.env.PATH}`,
    // Whoever asks for anybody else but this machine finds nobody.
    ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, NO_PROXY: "127.0.0.1,localhost" },
    ...{ http_proxy: NOWHERE, https_proxy: NOWHERE, no_proxy: "127.0.0.1,localhost" },
    ...agent.env,
  };
  return { cwd, env };
}

const NOWHERE = "http://127.0.0.1:9";
