import { VARIABLES } from "../config/variables.ts";
import { defined } from "../lib/defined.ts";
import type { Flag } from "./argv.ts";
import type { Command } from "./command.ts";
import { KEYS } from "./keys-command.ts";
import { AGENT_NAMES } from "./launch/names.ts";
import { POOL } from "./pool/command.ts";

const flag = (name: string, summary: string, short?: string): Flag => ({
  name,
  kind: "boolean",
  summary,
  ...defined({ short }),
});
const text = (name: string, hint: string, summary: string, more: Partial<Flag> = {}): Flag => ({
  name,
  kind: "text",
  hint,
  summary,
  ...more,
});

const HOST = [VARIABLES.host.name, VARIABLES.apiKey.name];
/** Variables that only interactive sessions read. */
const REPL = [VARIABLES.noHistory.name, VARIABLES.editor.name];
const INSECURE = flag("insecure", "Talk http to the registry");
const JSON_FLAG = flag("json", "Print JSON, for programs");
const ONE_MODEL = { usage: "MODEL", arity: { exactly: 1 } } as const;

/** Every command. Each one's code is loaded only when it runs, so that `--help` and `list` start fast. */
export const COMMANDS: readonly Command[] = [
  {
    name: "serve",
    alias: "start",
    usage: "",
    summary: "Start the server",
    arity: { exactly: 0 },
    flags: [],
    environment: Object.values(VARIABLES)
      .map(({ name }) => name)
      .filter((name) => ![VARIABLES.apiKey.name, ...REPL].includes(name)),
    needsServer: false,
    run: (cli) => cli.serve(),
  },
  {
    name: "create",
    ...ONE_MODEL,
    summary: "Create a model from a Modelfile",
    flags: [
      text("file", "path", 'Path of the Modelfile (default "Modelfile")', { short: "f" }),
      text("quantize", "type", "Quantize the weights to this type, e.g. q4_K_M", { short: "q" }),
      text("draft-quantize", "type", "Quantize the draft model's weights to this type"),
    ],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./create.ts")).create(cli, argv),
  },
  {
    name: "show",
    ...ONE_MODEL,
    summary: "Show information about a model",
    flags: [
      flag("license", "Show the license"),
      flag("modelfile", "Show the Modelfile"),
      flag("parameters", "Show the parameters"),
      flag("system", "Show the system message"),
      flag("template", "Show the template"),
      flag("verbose", "Show metadata and tensors too", "v"),
      JSON_FLAG,
    ],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./show.ts")).printModel(cli, argv),
  },
  {
    name: "run",
    usage: "MODEL [PROMPT...]",
    summary: "Run a model: answer a prompt, or chat",
    arity: { atLeast: 1 },
    flags: [
      text("format", "json|schema", "Answer in JSON, or by this JSON Schema"),
      text("keepalive", "duration", "How long the model stays loaded, e.g. 5m; -1 for ever"),
      text("think", "level", "Think first: true, false, high, medium, low or max", { implied: "true" }),
      flag("hidethinking", "Do not print the thinking"),
      flag("nowordwrap", "Do not wrap lines"),
      flag("verbose", "Print counts and times after the answer"),
      INSECURE,
      { name: "dimensions", kind: "integer", hint: "n", summary: "Embedding models: length of the vector" },
      flag("truncate", "Embedding models: cut an input that is too long; =false refuses it"),
    ],
    environment: [...HOST, ...REPL],
    needsServer: true,
    run: async (cli, argv) => (await import("./run.ts")).run(cli, argv),
  },
  {
    name: "launch",
    usage: "AGENT [-- ARGUMENTS...]",
    summary: "Start a coding agent that uses this server",
    arity: { atLeast: 1 },
    flags: [
      text("model", "model", "The model; default: the only one that can call tools"),
      flag("config", "Only show the files, the environment and the command"),
    ],
    choices: AGENT_NAMES,
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./launch.ts")).launch(cli, argv),
  },
  {
    name: "pull",
    ...ONE_MODEL,
    summary: "Pull a model from a registry",
    flags: [INSECURE, flag("check", "Only tell whether the registry has another version")],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./pull.ts")).pullOrCheck(cli, argv),
  },
  {
    name: "push",
    ...ONE_MODEL,
    summary: "Push a model to a registry",
    flags: [flag("insecure", "Talk http to the registry")],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./push.ts")).push(cli, argv),
  },
  {
    name: "pulls",
    usage: "",
    summary: "List pulls, also those that have ended",
    arity: { exactly: 0 },
    flags: [JSON_FLAG],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./pulls.ts")).listPulls(cli, argv),
  },
  {
    name: "queue",
    usage: "",
    summary: "List requests that wait for a model or a slot",
    arity: { exactly: 0 },
    flags: [JSON_FLAG],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./queue.ts")).queue(cli, argv),
  },
  {
    name: "prune",
    usage: "",
    summary: "Show what interrupted pulls and removed models have left, and remove it",
    arity: { exactly: 0 },
    flags: [flag("force", "Remove it"), flag("cache", "The prompts that are kept on disk instead")],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./prune.ts")).prune(cli, argv),
  },
  {
    name: "set",
    usage: "MODEL [KEY=VALUE...]",
    summary: "Set keep_alive, num_ctx, num_parallel or pinned for a model on this machine",
    arity: { atLeast: 1 },
    flags: [],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./set.ts")).setModel(cli, argv),
  },
  KEYS,
  {
    name: "stop",
    ...ONE_MODEL,
    summary: "Unload a running model",
    flags: [],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./stop.ts")).stopModel(cli, argv),
  },
  {
    name: "list",
    alias: "ls",
    usage: "[PREFIX]",
    summary: "List models",
    arity: { atLeast: 0 },
    flags: [JSON_FLAG],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./list.ts")).listModels(cli, argv),
  },
  {
    name: "ps",
    usage: "[PREFIX]",
    summary: "List loaded models",
    arity: { atLeast: 0 },
    flags: [JSON_FLAG],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./ps.ts")).ps(cli, argv),
  },
  {
    name: "usage",
    usage: "",
    summary: "Show how much each model and API key was used, by day",
    arity: { exactly: 0 },
    flags: [
      flag("hours", "By hour"),
      text("since", "time", "A date or time to begin with (default 30 days ago, or 24 hours)"),
      text("key", "name", "Only what this API key used, by its name or id"),
      text("model", "name", "Only this model"),
      JSON_FLAG,
    ],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./usage.ts")).showUsage(cli, argv),
  },
  {
    name: "cp",
    usage: "SOURCE DESTINATION",
    summary: "Copy a model",
    arity: { exactly: 2 },
    flags: [],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./cp.ts")).cp(cli, argv),
  },
  {
    name: "rm",
    usage: "MODEL [MODEL...]",
    summary: "Remove models",
    arity: { atLeast: 1 },
    flags: [],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./rm.ts")).rm(cli, argv),
  },
  {
    name: "import",
    usage: "[DIR]",
    summary: "Take over the models of an Ollama store",
    arity: { atMost: 1 },
    flags: [
      flag("trust", "Do not hash what is yours and can be linked"),
      flag("verify", "Hash every blob, which is the default"),
    ],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./import.ts")).importModels(cli, argv),
  },
  {
    name: "verify",
    usage: "",
    summary: "Check every blob",
    arity: { exactly: 0 },
    flags: [flag("rebuild", "First make the books anew from the manifests and blobs")],
    environment: HOST,
    needsServer: true,
    run: async (cli, argv) => (await import("./verify.ts")).verify(cli, argv),
  },
  {
    name: "engine",
    usage: "build [KIND]|remove|add vision",
    summary: "Build llama.cpp for this machine (cpu, cuda, vulkan, metal), or vision",
    arity: { atLeast: 1 },
    flags: [],
    environment: [],
    needsServer: false,
    run: async (cli, argv) => (await import("./engine.ts")).engine(cli, argv),
  },
  {
    name: "doctor",
    usage: "",
    summary: "Check what a server needs on this machine, and say what to do",
    arity: { exactly: 0 },
    flags: [JSON_FLAG],
    environment: [VARIABLES.host, VARIABLES.modelsDir, VARIABLES.llmLibrary, VARIABLES.numThreads].map(
      ({ name }) => name,
    ),
    needsServer: false,
    run: async (cli, argv) => (await import("./doctor.ts")).doctor(cli, argv),
  },
  POOL,
  {
    name: "completion",
    usage: "SHELL",
    summary: "Print a completion script for bash, zsh or fish",
    arity: { exactly: 1 },
    choices: ["bash", "zsh", "fish"],
    flags: [],
    environment: [],
    needsServer: false,
    run: async (cli, argv) => (await import("./completion.ts")).completion(cli, argv, COMMANDS),
  },
];

/** The command that the user calls by `name` or alias. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name || command.alias === name);
}
