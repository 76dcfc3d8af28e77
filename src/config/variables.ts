import type { Config } from "./config.ts";
import { DOOR_VARIABLES } from "./door-variables.ts";
import { parseAgentAddress, parseHost, printAgentAddress, printHost } from "./host.ts";
import { parseRegistries } from "./lists.ts";
import { parseMirrors, printMirrors } from "./mirror.ts";
import {
  parseBoolean,
  parseCollector,
  parseDirectory,
  parseFlashAttention,
  parseLogLevel,
  parseSize,
  parseSpan,
  printLogLevel,
  printSize,
  printSpan,
  wholeNumber,
  wordParser,
} from "./parsers.ts";
import { printSecret, type Variable } from "./variable.ts";

/** The fields of {@link Config} that a variable decides. */
export type Setting = Exclude<keyof Config, "homeDir">;

/** llama.cpp's LLAMA_MAX_SEQ: a context cannot hold more sequences. */
const MOST_SLOTS = 256;
/** llama.cpp counts tokens and threads in a signed 32-bit integer. */
const MAX_INT32 = 2 ** 31 - 1;
/** The meaning of 0 for OLLAMA_MAX_LOADED_MODELS: Ollama's number for one device. */
const AUTOMATIC_LOADED_MODELS = 3;

const anyCount = wholeNumber(Number.MAX_SAFE_INTEGER);
const tokens = wholeNumber(MAX_INT32);

/** The value of a setting for which 0 and unset are the same. */
const orZero = (parse: (text: string) => number, zero: number) => (text: string) => parse(text) || zero;

/** Every variable that llamero honours, in the order in which it is documented and logged. */
export const VARIABLES: { readonly [Key in Setting]: Variable<Config[Key]> } = {
  host: {
    name: "OLLAMA_HOST",
    default: "127.0.0.1:11434",
    meaning:
      "Where the server listens and where the CLI connects: host, host:port, :port, a URL, or unix:///path",
    parse: parseHost,
    print: printHost,
  },
  modelsDir: {
    name: "OLLAMA_MODELS",
    default: "~/.llamero/models",
    meaning: "Directory of the models",
    parse: parseDirectory,
  },
  keepAlive: {
    name: "OLLAMA_KEEP_ALIVE",
    default: "5m",
    meaning:
      "How long a model stays loaded after its last request; 0 unloads at once, negative keeps it for ever",
    parse: parseSpan,
    print: printSpan,
  },
  loadTimeoutMs: {
    name: "OLLAMA_LOAD_TIMEOUT",
    default: "5m",
    meaning: "How long a load may stall before it is given up; 0 or negative for no limit",
    parse: orZero(parseSpan, Number.POSITIVE_INFINITY),
    print: printSpan,
  },
  numParallel: {
    name: "OLLAMA_NUM_PARALLEL",
    default: "1",
    meaning: `Requests that one loaded model answers at the same time, at most ${MOST_SLOTS}`,
    parse: orZero(wholeNumber(MOST_SLOTS), 1),
  },
  maxLoadedModels: {
    name: "OLLAMA_MAX_LOADED_MODELS",
    default: "0",
    meaning: `Models that stay loaded at the same time; 0 means as many as fit into memory, at most ${AUTOMATIC_LOADED_MODELS}`,
    parse: orZero(anyCount, AUTOMATIC_LOADED_MODELS),
  },
  maxQueue: {
    name: "OLLAMA_MAX_QUEUE",
    default: "512",
    meaning: "Requests that may wait for a model or a slot before the server answers that it is busy",
    parse: anyCount,
  },
  contextLength: {
    name: "OLLAMA_CONTEXT_LENGTH",
    default: "4096",
    meaning: "Context length in tokens where neither request nor model says num_ctx",
    parse: orZero(tokens, 4096),
  },
  flashAttention: {
    name: "OLLAMA_FLASH_ATTENTION",
    default: "auto",
    meaning: "Flash attention: a boolean, or auto to use it where it pays",
    parse: parseFlashAttention,
    print: (value) => (value === "auto" ? value : value === "on" ? "1" : "0"),
  },
  kvCacheType: {
    name: "OLLAMA_KV_CACHE_TYPE",
    default: "f16",
    meaning: "Type of the KV cache: f32, f16, bf16, q8_0, q4_0, q4_1, iq4_nl, q5_0 or q5_1",
    parse: wordParser(["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1"]),
  },
  cacheRam: {
    name: "OLLAMA_CACHE_RAM",
    default: "auto",
    meaning:
      "Memory for prompts that no slot holds any more, such as 2GiB; auto for a quarter of what is free, at most 8GiB; 0 for none",
    parse: (text) => (text.toLowerCase() === "auto" ? undefined : parseSize(text, "auto, ")),
    print: (value) => (value === undefined ? "auto" : printSize(value)),
  },
  cacheDisk: {
    name: "OLLAMA_CACHE_DISK",
    default: "4GiB",
    meaning:
      "Disk space for long prompts, which outlive the server; never more than a tenth of what is free; 0 for none",
    parse: (text) => parseSize(text),
    print: printSize,
  },
  numThreads: {
    name: "OLLAMA_NUM_THREADS",
    default: "0",
    meaning: "CPU threads of a runner; 0 for the physical cores that the machine or container grants",
    parse: tokens,
  },
  llmLibrary: {
    name: "OLLAMA_LLM_LIBRARY",
    default: "auto",
    meaning: "Which build of the engine runs: auto, cpu, cuda, vulkan or metal",
    parse: wordParser(["auto", "cpu", "cuda", "vulkan", "metal"]),
  },
  goTemplate: {
    name: "OLLAMA_GO_TEMPLATE",
    default: "true",
    meaning: "Prefer a model's TEMPLATE to the Jinja template in its GGUF file",
    parse: parseBoolean,
  },
  draftModels: {
    name: "OLLAMA_DRAFT_MODELS",
    default: "false",
    meaning:
      "Pull the draft model of a published model with it, where it has one; what is there is used, and a model is whole without",
    parse: parseBoolean,
  },
  stablePrompts: {
    name: "OLLAMA_STABLE_PROMPTS",
    default: "true",
    meaning:
      "Leave out of prompts what known agents change in front of them with every request, which would empty the cache",
    parse: parseBoolean,
  },
  ...DOOR_VARIABLES,
  allowedRegistries: {
    name: "OLLAMA_ALLOWED_REGISTRIES",
    default: "registry.ollama.ai,hf.co,huggingface.co",
    meaning:
      "Registries that models may be pulled from and pushed to: host[:port] or *.host, separated by commas; * stands for all but those in private networks",
    parse: parseRegistries,
    print: (value) => value.join(","),
  },
  registryMirrors: {
    name: "OLLAMA_REGISTRY_MIRROR",
    default: "",
    meaning:
      "Pull-through mirrors, each asked before the registry that it stands for: URL (of registry.ollama.ai) or registry=URL, separated by commas",
    parse: parseMirrors,
    print: printMirrors,
  },
  agentCheck: {
    name: "OLLAMA_AGENT_CHECK",
    default: "",
    meaning:
      "Where a balancer's agent-check asks how this server is: host:port; a server that is asked there drains on SIGTERM",
    parse: parseAgentAddress,
    print: printAgentAddress,
  },
  maxImages: {
    name: "OLLAMA_MAX_IMAGES",
    default: "16",
    meaning: "Images and sounds that a request may have",
    parse: anyCount,
  },
  maxImageMegabytes: {
    name: "OLLAMA_MAX_IMAGE_MB",
    default: "20",
    meaning: "Size of an image's or a sound's file in megabytes, at most",
    parse: anyCount,
  },
  maxImageMegapixels: {
    name: "OLLAMA_MAX_IMAGE_MEGAPIXELS",
    default: "50",
    meaning: "Pixels of an image in millions, at most",
    parse: anyCount,
  },
  imageHosts: {
    name: "OLLAMA_IMAGE_URLS",
    default: "",
    meaning:
      "Hosts that images may be fetched from by URL: host[:port] or *.host, separated by commas; * stands for all; never from private networks",
    parse: parseRegistries,
    print: (value) => value.join(","),
  },
  huggingFaceToken: {
    name: "HF_TOKEN",
    default: "",
    meaning: "Token for private and gated models of Hugging Face",
    parse: (text) => text,
    print: printSecret,
  },
  noPrune: {
    name: "OLLAMA_NOPRUNE",
    default: "false",
    meaning: "Keep blobs that no model uses",
    parse: parseBoolean,
  },
  usageDays: {
    name: "OLLAMA_USAGE_DAYS",
    default: "90",
    meaning: "Days for which it is kept how much each model and API key was used; 0 keeps nothing",
    parse: anyCount,
  },
  noHistory: {
    name: "OLLAMA_NOHISTORY",
    default: "false",
    meaning: "Keep no history of interactive sessions",
    parse: parseBoolean,
  },
  editor: {
    name: "OLLAMA_EDITOR",
    default: "",
    meaning: "Editor that Ctrl-G opens in interactive sessions; else that of VISUAL or EDITOR, else vi",
    parse: (text) => text,
  },
  tracesEndpoint: {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    default: "",
    meaning: "Collector that traces are sent to by OTLP over HTTP, such as http://127.0.0.1:4318",
    parse: parseCollector,
  },
  serviceName: {
    name: "OTEL_SERVICE_NAME",
    default: "llamero",
    meaning: "What traces call this server",
    parse: (text) => text,
  },
  captureContent: {
    name: "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    default: "false",
    meaning: "Put the texts of prompts and answers into traces",
    parse: parseBoolean,
  },
  logFormat: {
    name: "OLLAMA_LOG_FORMAT",
    default: "text",
    meaning: "Form of the log's lines: text, or json for one JSON object each",
    parse: wordParser(["text", "json"]),
  },
  logLevel: {
    name: "OLLAMA_DEBUG",
    default: "0",
    meaning:
      "Log level: a boolean for debug, 2 for trace, -1 for warnings and errors only, -2 for errors only",
    parse: parseLogLevel,
    print: printLogLevel,
  },
};
