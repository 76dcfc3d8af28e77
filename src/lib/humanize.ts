import { goFixed } from "./go-fixed.ts";

const BYTE_UNITS = [
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "KB"],
] as const;

/** A size in decimal units as the CLI's tables show it: `999 B`, `1.3 KB`, `2 KB`, `47 GB` (docs/behaviour: cli §3.1). */
export function formatBytes(bytes: number): string {
  const [size, unit] = BYTE_UNITS.find(([least]) => bytes >= least) ?? [1, "B"];
  const value = bytes / size;
  const whole = value >= 10 || Number.isInteger(value);
  return `${whole ? Math.trunc(value) : goFixed(value, 1)} ${unit}`;
}

/** A size as Ollama's messages on memory show it: `7.9 GiB`. */
export const formatGibibytes = (bytes: number): string => `${goFixed(bytes / 2 ** 30, 1)} GiB`;

/** A number of parameters as `parameter_size` shows it: `8B`, `1.5B`, `134.52M`, `22K`, `7` (docs/behaviour: registry-and-store §3). */
export function formatParameterCount(count: number): string {
  const scaled = (unit: number, digits: number): string =>
    Number.isInteger(count / unit) ? String(count / unit) : goFixed(count / unit, digits);
  if (count >= 1e9) return `${scaled(1e9, 1)}B`;
  if (count >= 1e6) return `${scaled(1e6, 2)}M`;
  if (count >= 1e3) return `${goFixed(count / 1e3, 0)}K`;
  return String(count);
}
