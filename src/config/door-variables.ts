import type { Config } from "./config.ts";
import { parseHostNames, parseTrustedProxies, printTrustedProxies } from "./lists.ts";
import { parseOrigins } from "./origins.ts";
import { parseAutoBoolean, parseBoolean, parseFile, parseMode, parseRedisUrl, printMode } from "./parsers.ts";
import { printSecret, type Variable } from "./variable.ts";

type DoorSetting =
  | "origins"
  | "allowedHosts"
  | "open"
  | "apiKey"
  | "requireKeys"
  | "apiKeysFile"
  | "redisUrl"
  | "trustedProxies"
  | "tlsCert"
  | "tlsKey"
  | "socketMode";

/** The variables that decide who may call, and how. */
export const DOOR_VARIABLES: { readonly [Key in DoorSetting]: Variable<Config[Key]> } = {
  origins: {
    name: "OLLAMA_ORIGINS",
    default: "",
    meaning: "Further origins that browsers may call from, separated by commas; * stands for any text",
    parse: parseOrigins,
    print: (value) => value.join(","),
  },
  allowedHosts: {
    name: "OLLAMA_ALLOWED_HOSTS",
    default: "",
    meaning:
      "Further names that the server answers to in a Host header: name or *.name, separated by commas; * stands for every name",
    parse: parseHostNames,
    print: (value) => value.join(","),
  },
  open: {
    name: "OLLAMA_OPEN",
    default: "false",
    meaning: "Let callers beyond the private network pull, create and delete models too",
    parse: parseBoolean,
  },
  apiKey: {
    name: "OLLAMA_API_KEY",
    default: "",
    meaning: "API key that the CLI sends to the server",
    parse: (text) => text,
    print: printSecret,
  },
  requireKeys: {
    name: "OLLAMA_REQUIRE_KEYS",
    default: "auto",
    meaning:
      "Ask every caller for an API key: a boolean, or auto to do so once a key has been made (llamero keys)",
    parse: parseAutoBoolean,
  },
  apiKeysFile: {
    name: "OLLAMA_API_KEYS_FILE",
    default: "",
    meaning: "File with further API keys, a line each: name, key or sha256:hash, settings (docs/keys.md)",
    parse: parseFile,
  },
  redisUrl: {
    name: "OLLAMA_REDIS_URL",
    default: "",
    meaning: "Redis in which servers count together what API keys use, e.g. redis://10.0.0.5:6379",
    parse: parseRedisUrl,
    print: printSecret,
  },
  trustedProxies: {
    name: "OLLAMA_TRUSTED_PROXIES",
    default: "",
    meaning:
      "Proxies that are believed who calls (X-Forwarded-For): addresses, networks, or unix for a socket's, separated by commas",
    parse: parseTrustedProxies,
    print: printTrustedProxies,
  },
  tlsCert: {
    name: "OLLAMA_TLS_CERT",
    default: "",
    meaning: "File with the certificates (PEM) that the server speaks https with",
    parse: parseFile,
  },
  tlsKey: {
    name: "OLLAMA_TLS_KEY",
    default: "",
    meaning: "File with the private key (PEM) of OLLAMA_TLS_CERT",
    parse: parseFile,
  },
  socketMode: {
    name: "OLLAMA_SOCKET_MODE",
    default: "0600",
    meaning: "Permissions of the unix socket that OLLAMA_HOST=unix:///path names",
    parse: parseMode,
    print: printMode,
  },
};
