import { describe, expect, test } from "bun:test";
import {
  describeConfig,
  type Environment,
  resolveClientConfig,
  resolveConfig,
  unusedVariables,
} from "../../../src/config/resolve.ts";
import { VARIABLES } from "../../../src/config/variables.ts";

const SYSTEM = { homedir: "/home/ada" };
const FOREVER = Number.POSITIVE_INFINITY;

const resolve = (env: Environment) => resolveConfig(env, SYSTEM);

test("an empty environment gives the documented defaults, frozen", () => {
  const config = resolve({});
  expect(config).toEqual({
    host: { scheme: "http", hostname: "127.0.0.1", port: 11434, path: "" },
    modelsDir: "/home/ada/.llamero/models",
    homeDir: "/home/ada/.llamero",
    keepAlive: 300_000,
    loadTimeoutMs: 300_000,
    numParallel: 1,
    maxLoadedModels: 3,
    maxQueue: 512,
    contextLength: 4096,
    flashAttention: "auto",
    kvCacheType: "f16",
    cacheRam: undefined,
    cacheDisk: 4 * 2 ** 30,
    numThreads: 0,
    llmLibrary: "auto",
    goTemplate: true,
    draftModels: false,
    stablePrompts: true,
    origins: [],
    allowedHosts: [],
    open: false,
    apiKey: "",
    requireKeys: "auto",
    apiKeysFile: "",
    redisUrl: "",
    trustedProxies: [],
    tlsCert: "",
    tlsKey: "",
    socketMode: 0o600,
    allowedRegistries: ["registry.ollama.ai", "hf.co", "huggingface.co"],
    registryMirrors: [],
    agentCheck: undefined,
    maxImages: 16,
    maxImageMegabytes: 20,
    maxImageMegapixels: 50,
    imageHosts: [],
    huggingFaceToken: "",
    noPrune: false,
    usageDays: 90,
    tracesEndpoint: "",
    serviceName: "llamero",
    captureContent: false,
    logFormat: "text",
    noHistory: false,
    editor: "vi",
    logLevel: "info",
  });
  expect([config, config.host, config.origins].every(Object.isFrozen)).toBe(true);
});

test("client commands do not look at the server's variables", () => {
  const env = { OLLAMA_KEEP_ALIVE: "zz", OLLAMA_HOST: "nas", VISUAL: "nano", EDITOR: "ed" };
  expect(resolveClientConfig(env, SYSTEM)).toMatchObject({ host: { hostname: "nas" }, editor: "nano" });
  expect(resolveClientConfig({ EDITOR: "ed", OLLAMA_EDITOR: "code --wait" }, SYSTEM).editor).toBe(
    "code --wait",
  );
  expect(() => resolve(env)).toThrow("OLLAMA_KEEP_ALIVE");
});

describe("a variable", () => {
  test.each<[string, string, string, unknown]>([
    ["OLLAMA_MODELS", "/srv/models", "modelsDir", "/srv/models"],
    ["OLLAMA_MODELS", "/srv/x/../models/", "modelsDir", "/srv/models"],
    ["OLLAMA_MODELS", "~/m", "modelsDir", "/home/ada/m"],
    ["OLLAMA_MODELS", "~", "modelsDir", "/home/ada"],
    ["OLLAMA_MODELS", "~bob/m", "modelsDir", `${process.cwd()}/~bob/m`],
    ["OLLAMA_KEEP_ALIVE", "1h30m", "keepAlive", 5_400_000],
    ["OLLAMA_KEEP_ALIVE", "90", "keepAlive", 90_000],
    ["OLLAMA_KEEP_ALIVE", "0", "keepAlive", 0],
    ["OLLAMA_KEEP_ALIVE", "-1", "keepAlive", FOREVER],
    ["OLLAMA_KEEP_ALIVE", "-1m", "keepAlive", FOREVER],
    ["OLLAMA_LOAD_TIMEOUT", "30s", "loadTimeoutMs", 30_000],
    ["OLLAMA_LOAD_TIMEOUT", "0", "loadTimeoutMs", FOREVER],
    ["OLLAMA_LOAD_TIMEOUT", "-5", "loadTimeoutMs", FOREVER],
    ["OLLAMA_NUM_PARALLEL", "4", "numParallel", 4],
    ["OLLAMA_NUM_PARALLEL", "0", "numParallel", 1],
    ["OLLAMA_NUM_PARALLEL", "256", "numParallel", 256],
    ["OLLAMA_MAX_LOADED_MODELS", "2", "maxLoadedModels", 2],
    ["OLLAMA_MAX_LOADED_MODELS", "0", "maxLoadedModels", 3],
    [
      "OLLAMA_ALLOWED_HOSTS",
      "LLM.example.com, *.lan.example",
      "allowedHosts",
      ["llm.example.com", "*.lan.example"],
    ],
    ["OLLAMA_OPEN", "1", "open", true],
    ["OLLAMA_REQUIRE_KEYS", "1", "requireKeys", true],
    ["OLLAMA_REQUIRE_KEYS", "Auto", "requireKeys", "auto"],
    ["OLLAMA_API_KEYS_FILE", "~/keys", "apiKeysFile", "/home/ada/keys"],
    [
      "OLLAMA_TRUSTED_PROXIES",
      "10.0.0.0/8, 127.0.0.1,::1 , UNIX",
      "trustedProxies",
      [["10.0.0.0", 8], ["127.0.0.1", 32], ["::1", 128], "unix"],
    ],
    ["OLLAMA_SOCKET_MODE", "660", "socketMode", 0o660],
    ["OLLAMA_MAX_QUEUE", "0", "maxQueue", 0],
    ["OLLAMA_CONTEXT_LENGTH", "8192", "contextLength", 8192],
    ["OLLAMA_CONTEXT_LENGTH", "0", "contextLength", 4096],
    ["OLLAMA_FLASH_ATTENTION", "1", "flashAttention", "on"],
    ["OLLAMA_FLASH_ATTENTION", "False", "flashAttention", "off"],
    ["OLLAMA_KV_CACHE_TYPE", "Q8_0", "kvCacheType", "q8_0"],
    ["OLLAMA_NUM_THREADS", "6", "numThreads", 6],
    ["OLLAMA_LLM_LIBRARY", "vulkan", "llmLibrary", "vulkan"],
    ["OLLAMA_GO_TEMPLATE", "0", "goTemplate", false],
    ["OLLAMA_GO_TEMPLATE", "T", "goTemplate", true],
    ["OLLAMA_DRAFT_MODELS", "1", "draftModels", true],
    ["OLLAMA_STABLE_PROMPTS", "0", "stablePrompts", false],
    ["OLLAMA_ORIGINS", " http://a.example , app://* ,,*", "origins", ["http://a.example", "app://*", "*"]],
    ["OLLAMA_ORIGINS", "moz-extension://abc", "origins", ["moz-extension://abc"]],
    [
      "OLLAMA_ALLOWED_REGISTRIES",
      "a.example, *.b.example,[::1]:5000",
      "allowedRegistries",
      ["a.example", "*.b.example", "[::1]:5000"],
    ],
    ["OLLAMA_CACHE_RAM", "AUTO", "cacheRam", undefined],
    ["OLLAMA_CACHE_RAM", "0", "cacheRam", 0],
    ["OLLAMA_CACHE_RAM", "1.5 gb", "cacheRam", 1.5 * 2 ** 30],
    ["OLLAMA_CACHE_DISK", "512MiB", "cacheDisk", 512 * 2 ** 20],
    ["OLLAMA_CACHE_DISK", "1048576", "cacheDisk", 2 ** 20],
    ["OLLAMA_ALLOWED_REGISTRIES", "*", "allowedRegistries", ["*"]],
    ["OLLAMA_AGENT_CHECK", "10.0.0.2:11435", "agentCheck", { hostname: "10.0.0.2", port: 11435 }],
    ["OLLAMA_AGENT_CHECK", ":11435", "agentCheck", { hostname: "0.0.0.0", port: 11435 }],
    ["OLLAMA_AGENT_CHECK", "[::1]:11435", "agentCheck", { hostname: "::1", port: 11435 }],
    [
      "OLLAMA_REGISTRY_MIRROR",
      "http://mirror:5000/, hf.co=https://hub.lan",
      "registryMirrors",
      [
        { of: "registry.ollama.ai", url: "http://mirror:5000" },
        { of: "hf.co", url: "https://hub.lan" },
      ],
    ],
    ["OLLAMA_MAX_IMAGES", "2", "maxImages", 2],
    ["OLLAMA_MAX_IMAGE_MB", "1", "maxImageMegabytes", 1],
    ["OLLAMA_MAX_IMAGE_MEGAPIXELS", "0", "maxImageMegapixels", 0],
    ["OLLAMA_IMAGE_URLS", "a.example,*.b.example", "imageHosts", ["a.example", "*.b.example"]],
    ["OLLAMA_NOPRUNE", "TRUE", "noPrune", true],
    ["OLLAMA_NOHISTORY", "f", "noHistory", false],
    ["OLLAMA_DEBUG", "1", "logLevel", "debug"],
    ["OLLAMA_DEBUG", "true", "logLevel", "debug"],
    ["OLLAMA_DEBUG", "false", "logLevel", "info"],
    ["OLLAMA_DEBUG", "2", "logLevel", "trace"],
    ["OLLAMA_DEBUG", "-1", "logLevel", "warn"],
    ["OLLAMA_DEBUG", "-2", "logLevel", "error"],
  ])("%s=%s sets %s to %p, and the log line of it reads the same", (name, text, key, value) => {
    const config = resolve({ [name]: text });
    expect(config).toMatchObject({ [key]: value });
    expect(resolve(Object.fromEntries(describeConfig(config)))).toEqual(config);
  });

  test.each(["", "  ", '""', "' '"])("that is %j counts as unset", (text) => {
    expect(resolve({ OLLAMA_NUM_PARALLEL: text, OLLAMA_HOST: text })).toEqual(resolve({}));
  });

  test("loses the blanks and quotes around it", () => {
    const config = resolve({ OLLAMA_NUM_PARALLEL: ' "3" ', OLLAMA_KEEP_ALIVE: "'-1'" });
    expect(config).toMatchObject({ numParallel: 3, keepAlive: FOREVER });
  });

  test.each<[string, string, string]>([
    ["OLLAMA_HOST", "1.2.3.4:66000", "a port from 0 to 65535"],
    ["OLLAMA_HOST", "ftp://x", "the scheme http, https or unix"],
    ["OLLAMA_KEEP_ALIVE", "5 minutes", "a duration"],
    ["OLLAMA_LOAD_TIMEOUT", "1.5", "a duration"],
    ["OLLAMA_ALLOWED_REGISTRIES", "https://a.example", "hosts such as"],
    ["OLLAMA_AGENT_CHECK", "10.0.0.2", "host:port"],
    ["OLLAMA_AGENT_CHECK", "a:70000", "a port from 0 to 65535"],
    ["OLLAMA_AGENT_CHECK", "http://a:1", "host:port"],
    ["OLLAMA_REGISTRY_MIRROR", "mirror:5000", "URLs such as"],
    ["OLLAMA_REGISTRY_MIRROR", "http://mirror/path", "URLs such as"],
    ["OLLAMA_REGISTRY_MIRROR", "hf.co=", "URLs such as"],
    ["OLLAMA_NUM_PARALLEL", "257", "a whole number from 0 to 256"],
    ["OLLAMA_NUM_PARALLEL", "-1", "a whole number from 0 to 256"],
    ["OLLAMA_MAX_QUEUE", "1e3", "a whole number"],
    ["OLLAMA_MAX_QUEUE", "9007199254740993", "a whole number"],
    ["OLLAMA_CONTEXT_LENGTH", "4k", "a whole number"],
    ["OLLAMA_FLASH_ATTENTION", "on", "auto, 1, t, T, TRUE, true, True, 0, f, F, FALSE, false or False"],
    ["OLLAMA_KV_CACHE_TYPE", "q6_k", "one of f32, f16"],
    ["OLLAMA_LLM_LIBRARY", "rocm", "one of auto, cpu"],
    ["OLLAMA_CACHE_RAM", "lots", "auto, a number of bytes such as 4GiB"],
    ["OLLAMA_CACHE_DISK", "-1", "a number of bytes such as 4GiB"],
    ["OLLAMA_CACHE_DISK", "auto", "a number of bytes such as 4GiB"],
    ["OLLAMA_NOPRUNE", "no", "1, t, T, TRUE"],
    ["OLLAMA_NOHISTORY", "yes", "1, t, T, TRUE"],
    ["OLLAMA_REQUIRE_KEYS", "yes", "auto, 1, t"],
    ["OLLAMA_TRUSTED_PROXIES", "proxy.example", "addresses, networks"],
    ["OLLAMA_TRUSTED_PROXIES", "10.0.0.0/33", "addresses, networks"],
    ["OLLAMA_SOCKET_MODE", "rw", "permissions in octal digits"],
    ["OLLAMA_SOCKET_MODE", "0999", "permissions in octal digits"],
    ["OLLAMA_REDIS_URL", "http://x", "a URL such as redis://"],
    ["OLLAMA_DEBUG", "3", "a boolean, or a number from -2"],
    ["OLLAMA_ORIGINS", "http://ok,example.com", 'in the origin "example.com"'],
    ["OLLAMA_ORIGINS", "http://*.a.*", 'at most one * in an origin, and "http://*.a.*" has 2'],
    ["OLLAMA_ORIGINS", "gopher://x", 'in the origin "gopher://x"'],
  ])("%s=%s is refused by name, value and expectation", (name, text, expected) => {
    const refusal = expect.objectContaining({
      name: "AppError",
      message: expect.stringContaining(`${name}=${JSON.stringify(text)} is not valid: expected `),
    });
    expect(() => resolve({ [name]: text })).toThrow(refusal);
    expect(() => resolve({ [name]: text })).toThrow(expected);
  });
});

test("secrets are not logged", () => {
  const env = { OLLAMA_REDIS_URL: "redis://u:p@h:1", OLLAMA_API_KEY: "secret", HF_TOKEN: "token" };
  const log = new Map(describeConfig(resolve(env)));
  expect(Object.keys(env).map((name) => log.get(name))).toEqual(["set", "set", "set"]);
});

test("a certificate and its key go together", () => {
  expect(() => resolve({ OLLAMA_TLS_CERT: "/a" })).toThrow("OLLAMA_TLS_CERT and OLLAMA_TLS_KEY go together");
  expect(() => resolve({ OLLAMA_TLS_KEY: "/a" })).toThrow("set both, or neither");
  expect(resolve({ OLLAMA_TLS_KEY: "/a", OLLAMA_TLS_CERT: "/b" })).toMatchObject({
    tlsCert: "/b",
    tlsKey: "/a",
  });
});

test("a quantized KV cache needs flash attention", () => {
  const refusal = 'OLLAMA_KV_CACHE_TYPE="q4_0" is not valid: expected f32, f16 or bf16';
  expect(() => resolve({ OLLAMA_KV_CACHE_TYPE: "q4_0", OLLAMA_FLASH_ATTENTION: "0" })).toThrow(refusal);
  expect(resolve({ OLLAMA_KV_CACHE_TYPE: "bf16", OLLAMA_FLASH_ATTENTION: "0" }).kvCacheType).toBe("bf16");
  expect(resolve({ OLLAMA_KV_CACHE_TYPE: "q4_0" }).kvCacheType).toBe("q4_0");
});

test("describeConfig lists every variable once, in the documented order", () => {
  const pairs = describeConfig(resolve({ OLLAMA_KEEP_ALIVE: "-1", OLLAMA_ORIGINS: "app://*,http://x" }));
  expect(pairs.map(([name]) => name).slice(0, 4)).toEqual([
    "OLLAMA_HOST",
    "OLLAMA_MODELS",
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_LOAD_TIMEOUT",
  ]);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(Object.keys(VARIABLES).length);
  expect(Object.fromEntries(pairs)).toMatchObject({
    OLLAMA_HOST: "http://127.0.0.1:11434",
    OLLAMA_KEEP_ALIVE: "-1",
    OLLAMA_LOAD_TIMEOUT: "5m0s",
    OLLAMA_ORIGINS: "app://*,http://x",
    OLLAMA_DEBUG: "0",
  });
});

test("unusedVariables names what is set and not honoured", () => {
  const env = {
    OLLAMA_SCHED_SPREAD: "1",
    OLLAMA_GPU_OVERHEAD: "0",
    OLLAMA_NUM_PARALEL: "2",
    OLLAMA_EDITOR: "",
    OLLAMA_HOST: "1.2.3.4",
    PATH: "/bin",
  };
  expect(unusedVariables(env)).toEqual(["OLLAMA_GPU_OVERHEAD", "OLLAMA_NUM_PARALEL", "OLLAMA_SCHED_SPREAD"]);
});
