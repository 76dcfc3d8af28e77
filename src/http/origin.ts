/** Origins that may always call (docs/behaviour: scheduler-and-env §4). */
const DEFAULT_ORIGINS = [
  ...["localhost", "127.0.0.1", "0.0.0.0"].flatMap((host) =>
    ["http", "https"].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
  ),
  "app://*",
  "file://*",
  "tauri://*",
  "vscode-webview://*",
  "vscode-file://*",
];

const ALLOWED_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";

/** Headers of the client libraries of OpenAI and Anthropic, on top of the usual ones. */
const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "User-Agent",
  "Accept",
  "X-Requested-With",
  "OpenAI-Beta",
  "X-API-Key",
  "Anthropic-Version",
  "Anthropic-Beta",
  "Anthropic-Dangerous-Direct-Browser-Access",
  ...[
    "Arch",
    "Async",
    "Custom-Poll-Interval",
    "Helper-Method",
    "Lang",
    "OS",
    "Package-Version",
    "Poll-Helper",
    "Retry-Count",
    "Runtime",
    "Runtime-Version",
    "Timeout",
  ].map((name) => `X-Stainless-${name}`),
].join(",");

const MAX_AGE_SECONDS = 12 * 60 * 60;

/** The verdict of the CORS rule on a request. */
type OriginDecision =
  /** It comes from no browser, or from a page of this server. */
  | { type: "pass" }
  /** Goes on, and the reply gets these headers. */
  | { type: "allow"; headers: Record<string, string> }
  /** Is answered here with 204 and these headers. */
  | { type: "preflight"; headers: Record<string, string> }
  | { type: "refuse" };

interface OriginRequest {
  method: string;
  /** Header values; null when absent. */
  origin: string | null;
  host: string | null;
}

export type OriginRule = (request: OriginRequest) => OriginDecision;

/** `*` stands for any text between its left and right side. */
function matcherOf(pattern: string): (origin: string) => boolean {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return (origin) => origin === pattern;
  return (origin) =>
    origin.length >= before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}

/**
 * The CORS rule of the server.
 *
 * @param configured OLLAMA_ORIGINS, each an origin with at most one `*`; a lone `*` allows every origin.
 */
export function originRule(configured: readonly string[]): OriginRule {
  const all = configured.includes("*");
  const matchers = [...configured, ...DEFAULT_ORIGINS].map(matcherOf);
  return ({ method, origin, host }) => {
    if (!origin || origin === `http://${host}` || origin === `https://${host}`) return { type: "pass" };
    if (!matchers.some((matches) => matches(origin))) return { type: "refuse" };
    const named: Record<string, string> = all
      ? { "access-control-allow-origin": "*" }
      : { "access-control-allow-origin": origin, vary: "Origin" };
    if (method !== "OPTIONS") return { type: "allow", headers: named };
    const headers = {
      ...named,
      "access-control-allow-methods": ALLOWED_METHODS,
      "access-control-allow-headers": ALLOWED_HEADERS,
      "access-control-max-age": String(MAX_AGE_SECONDS),
    };
    return { type: "preflight", headers };
  };
}
