import { formatBytes } from "../../lib/humanize.ts";

/** A moment of a transfer. */
export interface Sample {
  /** Milliseconds. */
  at: number;
  completed: number;
}

export interface Bar {
  message: string;
  completed: number;
  total: number;
  /** Oldest first; the rate is the mean over them. */
  samples: readonly Sample[];
}

const SIZE_COLUMNS = 6;
const MARGIN = 5;

/**
 * `<message>  42% ▕████    ▏ 10 MB/ 24 MB   5 MB/s     2s`, as wide as the terminal less a margin; when finished only the
 * total is left on the right (docs/behaviour: cli §7.1).
 */
export function renderBar(bar: Bar, columns: number): string {
  const share = bar.total > 0 ? Math.min(1, bar.completed / bar.total) : 0;
  const before = `${bar.message} ${String(Math.floor(share * 100)).padStart(3)}% `;
  const after =
    share === 1 ? ` ${formatBytes(bar.total).padStart(SIZE_COLUMNS)}${" ".repeat(23)}` : numbers(bar);
  const room = columns - Bun.stringWidth(before) - Bun.stringWidth(after) - MARGIN;
  if (room < 1) return narrow(bar, before.slice(bar.message.length) + after.trimEnd(), columns - 1);
  const filled = Math.floor(room * share);
  return `${before}▕${"█".repeat(filled)}${" ".repeat(room - filled)}▏${after}`.trimEnd();
}

/** Without a bar; the message is cut before the numbers are. */
function narrow({ message }: Bar, numbers: string, columns: number): string {
  const room = Math.max(0, columns - Bun.stringWidth(numbers));
  const text =
    Bun.stringWidth(message) > room ? `${Bun.sliceAnsi(message, 0, Math.max(0, room - 1))}…` : message;
  return Bun.sliceAnsi(text + numbers, 0, columns);
}

function numbers({ completed, total, samples }: Bar): string {
  const rate = bytesPerSecond(samples);
  const sizes = ` ${formatBytes(completed).padStart(SIZE_COLUMNS)}/${formatBytes(total).padStart(SIZE_COLUMNS)}`;
  if (rate === undefined) return `${sizes}${" ".repeat(16)}`;
  return `${sizes} ${formatBytes(Math.round(rate)).padStart(SIZE_COLUMNS)}/s ${remaining((total - completed) / rate).padStart(SIZE_COLUMNS)}`;
}

function bytesPerSecond(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  const rate = ((last.completed - first.completed) / (last.at - first.at)) * 1000;
  return rate > 0 ? rate : undefined;
}

/** Seconds as `59m59s`, `1h2m` or `99h+`. */
export function remaining(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 99) return "99h+";
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${whole % 60}s` : `${whole}s`;
}
