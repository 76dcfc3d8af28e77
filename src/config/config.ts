import type { Network } from "../lib/address.ts";
import type { KeepAlive } from "../lib/duration.ts";
import type { LogLevel } from "../lib/logger.ts";
import type { RegistryMirror } from "./mirror.ts";

/** The variables that commands which talk to a server read: a mistake in a variable of the server's does not concern them. */
export interface ClientConfig {
  /** OLLAMA_HOST: where `serve` listens and where the CLI connects. Default 127.0.0.1:11434. */
  readonly host: HostConfig;
  /** OLLAMA_API_KEY: the key that requests of the CLI carry. "" for none. */
  readonly apiKey: string;
  /** Directory of all of llamero's files that are no models (`~/.llamero`): REPL history, keys. */
  readonly homeDir: string;
  /** OLLAMA_NOHISTORY. */
  readonly noHistory: boolean;
  /** OLLAMA_EDITOR, else VISUAL, EDITOR, `vi`: the command line of the editor that the REPL opens. */
  readonly editor: string;
}

/** Everything that the environment and flags decide, resolved once at start and frozen. docs/behaviour: scheduler-and-env §3. */
export interface Config extends ClientConfig {
  /** OLLAMA_MODELS: absolute path of the store. Default `~/.llamero/models`. */
  readonly modelsDir: string;
  /** OLLAMA_KEEP_ALIVE. Default 5 minutes. */
  readonly keepAlive: KeepAlive;
  /** OLLAMA_LOAD_TIMEOUT: milliseconds without load progress before giving up; `Infinity` when ≤ 0. Default 5 minutes. */
  readonly loadTimeoutMs: number;
  /** OLLAMA_NUM_PARALLEL: slots per model. Default 1. */
  readonly numParallel: number;
  /** OLLAMA_MAX_LOADED_MODELS: models in memory at a time, where there is memory for them. 0, the default, is resolved to 3. */
  readonly maxLoadedModels: number;
  /** OLLAMA_MAX_QUEUE: most requests that may wait, for a load or for a slot. Default 512. */
  readonly maxQueue: number;
  /** OLLAMA_CONTEXT_LENGTH: default num_ctx. Default 4096. */
  readonly contextLength: number;
  /** OLLAMA_FLASH_ATTENTION: on, off or automatic. */
  readonly flashAttention: "auto" | "on" | "off";
  /** OLLAMA_KV_CACHE_TYPE. Default f16. */
  readonly kvCacheType: "f32" | "f16" | "bf16" | "q8_0" | "q4_0" | "q4_1" | "iq4_nl" | "q5_0" | "q5_1";
  /** OLLAMA_CACHE_RAM: bytes of memory for prompts that no slot holds; undefined: a quarter of what is free, at most 8 GiB. 0: none. */
  readonly cacheRam: number | undefined;
  /** OLLAMA_CACHE_DISK: most bytes of files with prompts. 0: none. Default 4 GiB. */
  readonly cacheDisk: number;
  /** OLLAMA_NUM_THREADS (ours; the per-request option is num_thread). 0: physical cores within the cgroup's quota. */
  readonly numThreads: number;
  /** OLLAMA_LLM_LIBRARY: which engine binary. Default: the best one installed. */
  readonly llmLibrary: "auto" | "cpu" | "cuda" | "vulkan" | "metal";
  /** OLLAMA_GO_TEMPLATE: a model's TEMPLATE before the Jinja template of its GGUF. Default true. */
  readonly goTemplate: boolean;
  /** OLLAMA_DRAFT_MODELS: draft models of published models are fetched with them. Default false. */
  readonly draftModels: boolean;
  /** OLLAMA_STABLE_PROMPTS: headers of known agents that change with every request do not reach the prompt. Default true. */
  readonly stablePrompts: boolean;
  /** OLLAMA_ORIGINS: further allowed origins. */
  readonly origins: readonly string[];
  /** OLLAMA_ALLOWED_HOSTS: further names in Host headers, in lower case; `*.x` for those below x, `*` for every name. */
  readonly allowedHosts: readonly string[];
  /** OLLAMA_OPEN: callers beyond the private network may change the server's models. Default false. */
  readonly open: boolean;
  /** OLLAMA_REQUIRE_KEYS: must callers have an API key? auto, the default: once there has been one. */
  readonly requireKeys: "auto" | boolean;
  /** OLLAMA_API_KEYS_FILE: absolute path of a file with keys; "" for none. */
  readonly apiKeysFile: string;
  /** OLLAMA_REDIS_URL: where several servers count the use of keys together; "": each server counts by itself. */
  readonly redisUrl: string;
  /** OLLAMA_TRUSTED_PROXIES: networks of proxies that are believed when they name a caller; `unix` for those that come by a unix socket. */
  readonly trustedProxies: readonly TrustedProxy[];
  /** OLLAMA_TLS_CERT and OLLAMA_TLS_KEY: absolute paths of PEM files; "" for http. */
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** OLLAMA_SOCKET_MODE: permissions of a unix socket. Default 0600. */
  readonly socketMode: number;
  /** OLLAMA_ALLOWED_REGISTRIES: hosts that models may be pulled from and pushed to; `*` for every host of the internet. */
  readonly allowedRegistries: readonly string[];
  /** OLLAMA_REGISTRY_MIRROR: pull-through mirrors, which are asked instead of the registry that they stand for. */
  readonly registryMirrors: readonly RegistryMirror[];
  /** OLLAMA_AGENT_CHECK: the address at which balancers ask for this server's state. Undefined: none. */
  readonly agentCheck: AgentAddress | undefined;
  /** OLLAMA_MAX_IMAGES: images and sounds that a request may have. Default 16. */
  readonly maxImages: number;
  /** OLLAMA_MAX_IMAGE_MB: megabytes of one. Default 20. */
  readonly maxImageMegabytes: number;
  /** OLLAMA_MAX_IMAGE_MEGAPIXELS. Default 50. */
  readonly maxImageMegapixels: number;
  /** OLLAMA_IMAGE_URLS: hosts that images are fetched from. Default: none. */
  readonly imageHosts: readonly string[];
  /** HF_TOKEN: sent to Hugging Face, for private and gated models. "" for none. */
  readonly huggingFaceToken: string;
  /** OLLAMA_NOPRUNE. */
  readonly noPrune: boolean;
  /** OTEL_EXPORTER_OTLP_ENDPOINT: base URL of a collector of traces. "" for none. */
  readonly tracesEndpoint: string;
  /** OTEL_SERVICE_NAME. Default llamero. */
  readonly serviceName: string;
  /** OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: traces get the texts of prompts and answers. Default false. */
  readonly captureContent: boolean;
  /** OLLAMA_LOG_FORMAT: lines for people, or a JSON object each. Default text. */
  readonly logFormat: "text" | "json";
  /** OLLAMA_USAGE_DAYS: for how many days the books of usage are kept; 0: none. Default 90. */
  readonly usageDays: number;
  /** OLLAMA_DEBUG → level. Default info. */
  readonly logLevel: LogLevel;
}

/** Proxies of a network, or of this machine by a unix socket. */
export type TrustedProxy = Network | "unix";

export interface HostConfig {
  readonly scheme: "http" | "https";
  /** Without brackets for IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** Path prefix for clients, "" or `/x`. */
  readonly path: string;
  /** Unix socket path instead of host and port (`unix:///run/llamero.sock`). */
  readonly unix?: string;
}

/** Where the agent for balancers listens. */
export interface AgentAddress {
  /** Without brackets for IPv6. */
  readonly hostname: string;
  readonly port: number;
}
