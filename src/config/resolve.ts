import { join } from "node:path";
import { badRequest } from "../lib/errors.ts";
import { BadValue } from "./bad-value.ts";
import type { ClientConfig, Config } from "./config.ts";
import type { System } from "./parsers.ts";
import type { Variable } from "./variable.ts";
import { type Setting, VARIABLES } from "./variables.ts";

/** The environment, or any part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text without the blanks and quotes that unit files and compose files leave around it; "" when unset. */
const textOf = (env: Environment, name: string): string =>
  (env[name] ?? "")
    .trim()
    .replace(/^["']+|["']+$/g, "")
    .trim();

function resolveVariable<Value>(variable: Variable<Value>, env: Environment, system: System): Value {
  const text = textOf(env, variable.name);
  try {
    return variable.parse(text === "" ? variable.default : text, system);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw badRequest(`${variable.name}=${JSON.stringify(text)} is not valid: ${error.message}`);
  }
}

/** llama.cpp reads a quantized cache by flash attention only, and would refuse every load. */
function checkCache(flashAttention: Config["flashAttention"], kvCacheType: string): void {
  if (flashAttention !== "off" || /^b?f\d+$/.test(kvCacheType)) return;
  throw badRequest(
    `OLLAMA_KV_CACHE_TYPE=${JSON.stringify(kvCacheType)} is not valid: expected f32, f16 or bf16 where OLLAMA_FLASH_ATTENTION is off`,
  );
}

/** Refuses a certificate without a key, or a key without a certificate. */
function checkTls(tlsCert: string, tlsKey: string): Pick<Config, "tlsCert" | "tlsKey"> {
  if ((tlsCert === "") !== (tlsKey === ""))
    throw badRequest("OLLAMA_TLS_CERT and OLLAMA_TLS_KEY go together: set both, or neither");
  return { tlsCert, tlsKey };
}

/**
 * The configuration of client commands, which does not read the server's variables.
 *
 * @throws AppError as {@link resolveConfig}.
 */
export function resolveClientConfig(env: Environment, system: System): ClientConfig {
  const editor = ["VISUAL", "EDITOR"].map((name) => textOf(env, name)).find(Boolean) ?? "vi";
  return Object.freeze({
    host: Object.freeze(resolveVariable(VARIABLES.host, env, system)),
    homeDir: join(system.homedir, ".llamero"),
    apiKey: resolveVariable(VARIABLES.apiKey, env, system),
    noHistory: resolveVariable(VARIABLES.noHistory, env, system),
    editor: resolveVariable(VARIABLES.editor, env, system) || editor,
  });
}

/**
 * Resolves the configuration from an environment. Unset and empty variables have their defaults; a value that cannot be used is
 * refused, where Ollama would go on with another one.
 *
 * @throws AppError naming the variable, its value, and what is expected.
 */
export function resolveConfig(env: Environment, system: System): Config {
  const resolve = <Key extends Setting>(key: Key): Config[Key] =>
    resolveVariable(VARIABLES[key], env, system);
  const [flashAttention, kvCacheType] = [resolve("flashAttention"), resolve("kvCacheType")];
  checkCache(flashAttention, kvCacheType);
  return Object.freeze({
    ...resolveClientConfig(env, system),
    modelsDir: resolve("modelsDir"),
    keepAlive: resolve("keepAlive"),
    loadTimeoutMs: resolve("loadTimeoutMs"),
    numParallel: resolve("numParallel"),
    maxLoadedModels: resolve("maxLoadedModels"),
    maxQueue: resolve("maxQueue"),
    contextLength: resolve("contextLength"),
    flashAttention,
    kvCacheType,
    cacheRam: resolve("cacheRam"),
    cacheDisk: resolve("cacheDisk"),
    numThreads: resolve("numThreads"),
    usageDays: resolve("usageDays"),
    tracesEndpoint: resolve("tracesEndpoint"),
    serviceName: resolve("serviceName"),
    captureContent: resolve("captureContent"),
    logFormat: resolve("logFormat"),
    llmLibrary: resolve("llmLibrary"),
    goTemplate: resolve("goTemplate"),
    draftModels: resolve("draftModels"),
    stablePrompts: resolve("stablePrompts"),
    origins: Object.freeze(resolve("origins")),
    allowedHosts: Object.freeze(resolve("allowedHosts")),
    open: resolve("open"),
    requireKeys: resolve("requireKeys"),
    apiKeysFile: resolve("apiKeysFile"),
    redisUrl: resolve("redisUrl"),
    trustedProxies: Object.freeze(resolve("trustedProxies")),
    ...checkTls(resolve("tlsCert"), resolve("tlsKey")),
    socketMode: resolve("socketMode"),
    allowedRegistries: Object.freeze(resolve("allowedRegistries")),
    registryMirrors: Object.freeze(resolve("registryMirrors")),
    agentCheck: resolve("agentCheck"),
    maxImages: resolve("maxImages"),
    maxImageMegabytes: resolve("maxImageMegabytes"),
    maxImageMegapixels: resolve("maxImageMegapixels"),
    imageHosts: Object.freeze(resolve("imageHosts")),
    huggingFaceToken: resolve("huggingFaceToken"),
    noPrune: resolve("noPrune"),
    logLevel: resolve("logLevel"),
  });
}

/** Names of the OLLAMA_* variables that are set and that llamero does not honour, sorted, so that `serve` can say so. */
export function unusedVariables(env: Environment): string[] {
  const honoured = new Set(Object.values(VARIABLES).map(({ name }) => name));
  return Object.keys(env)
    .filter((name) => name.startsWith("OLLAMA_") && !honoured.has(name) && textOf(env, name) !== "")
    .sort();
}

function pair<Key extends Setting>(key: Key, config: Config): [string, string] {
  const variable = VARIABLES[key];
  return [variable.name, variable.print?.(config[key]) ?? String(config[key])];
}

/** Variable names and the values in force, in the documented order, for the start-up log. Each value parses to itself. */
export function describeConfig(config: Config): [name: string, value: string][] {
  return (Object.keys(VARIABLES) as Setting[]).map((key) => pair(key, config));
}
