import { momentIn } from "../lib/rfc3339.ts";
import { hashOf } from "./key-text.ts";
import type { KeyLimits, KnownKey } from "./known-key.ts";
import { isScope, SCOPES, type Scope } from "./scope.ts";

/** A key that a person has chosen must be too long to be guessed. */
const LEAST_LENGTH = 16;

const LIMITS: Record<string, keyof KeyLimits> = {
  concurrency: "concurrency",
  tokens_per_minute: "tokensPerMinute",
  tokens_per_day: "tokensPerDay",
};

/** A line that cannot be understood. */
class BadKeysFile extends Error {
  override readonly name = "BadKeysFile";
}

/**
 * Reads OLLAMA_API_KEYS_FILE (docs/behaviour: keys §7): a key a line, as `NAME KEY [SETTING=VALUE …]`, with empty lines and `#` comments between. KEY is the key
 * itself, or `sha256:` and the hash of it in hex. Settings are `scopes` (default infer), `expires`, `concurrency`,
 * `tokens_per_minute` and `tokens_per_day`.
 *
 * @throws BadKeysFile with the number of the line, and nothing of its key.
 */
export function parseKeysFile(text: string): KnownKey[] {
  const keys = text.split("\n").flatMap((line, at) => {
    const words = line.trim().split(/\s+/);
    return words[0] === "" || words[0]?.startsWith("#") ? [] : [readLine(words, at + 1)];
  });
  for (const [at, { name, hash }] of keys.entries()) {
    const before = keys.slice(0, at);
    if (before.some((key) => key.name === name)) throw new BadKeysFile(`two keys are called ${name}`);
    if (before.some((key) => key.hash === hash)) throw new BadKeysFile(`${name} has the key of another name`);
  }
  return keys;
}

function readLine([name = "", key = "", ...settings]: string[], line: number): KnownKey {
  const bad = (reason: string) => new BadKeysFile(`line ${line}: ${reason}`);
  if (key === "") throw bad("expected NAME KEY [SETTING=VALUE …]");
  const found: KnownKey = {
    id: `file:${name}`,
    name,
    hash: readHash(key, bad),
    scopes: ["infer"],
    limits: {},
  };
  for (const setting of settings) {
    const [, label = "", value = ""] = /^([^=]*)=(.*)$/.exec(setting) ?? [];
    const limit = LIMITS[label];
    if (label === "scopes") found.scopes = readScopes(value, bad);
    else if (label === "expires") found.expiresAt = readTime(value, bad);
    else if (limit !== undefined) found.limits[limit] = readCount(label, value, bad);
    else throw bad(`"${label}" is no setting: scopes, expires, ${Object.keys(LIMITS).join(", ")}`);
  }
  return found;
}

type Bad = (reason: string) => BadKeysFile;

function readHash(key: string, bad: Bad): string {
  if (key.startsWith("sha256:")) {
    const hash = key.slice(7).toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(hash)) throw bad("a hash is sha256: and 64 hexadecimal digits");
    return hash;
  }
  if (key.length < LEAST_LENGTH) throw bad(`a key has at least ${LEAST_LENGTH} characters`);
  return hashOf(key);
}

function readScopes(text: string, bad: Bad): Scope[] {
  const scopes = text.split(",");
  const wrong = scopes.find((scope) => !isScope(scope));
  if (wrong !== undefined) throw bad(`"${wrong}" is no scope: ${SCOPES.join(", ")}`);
  return scopes.filter(isScope);
}

function readTime(text: string, bad: Bad): number {
  const time = momentIn(text);
  if (Number.isNaN(time)) throw bad(`"${text}" is no date: 2027-01-31, or 2027-01-31T18:00:00Z`);
  return time;
}

function readCount(label: string, text: string, bad: Bad): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (!Number.isSafeInteger(count) || count < 1) throw bad(`${label} is a whole number from 1 on`);
  return count;
}
