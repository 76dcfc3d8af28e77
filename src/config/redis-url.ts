import { BadValue } from "./bad-value.ts";

const SCHEMES = ["redis:", "rediss:", "redis+unix:", "valkey:", "valkeys:"];

/** Of OLLAMA_REDIS_URL; "" for none. */
export function parseRedisUrl(text: string): string {
  if (text === "" || (URL.canParse(text) && SCHEMES.includes(new URL(text).protocol))) return text;
  throw new BadValue("a URL such as redis://[user:password@]host:6379[/database], or rediss:// for TLS");
}
