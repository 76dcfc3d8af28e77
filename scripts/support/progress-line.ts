import { megabytes } from "./disk-space.ts";

const BAR = 30;
const REDRAW_MS = 100;

/** Bytes done of bytes in all: a bar on a terminal, otherwise one line at the start. */
export interface ProgressLine {
  update(done: number): void;
  /** Removes the bar. */
  end(): void;
}

export function progressLine(label: string, total: number): ProgressLine {
  if (process.stderr.isTTY !== true) {
    process.stderr.write(`${label} (${megabytes(total)})\n`);
    return { update: () => {}, end: () => {} };
  }
  let drawnAt = 0;
  return {
    update(done) {
      if (performance.now() - drawnAt < REDRAW_MS) return;
      drawnAt = performance.now();
      const share = Math.min(1, done / total);
      const filled = "█".repeat(Math.floor(share * BAR)).padEnd(BAR);
      const percent = String(Math.floor(share * 100)).padStart(3);
      process.stderr.write(`\r${label} ${percent}% ▕${filled}▏ ${megabytes(done)}/${megabytes(total)}\x1b[K`);
    },
    end: () => void process.stderr.write("\r\x1b[K"),
  };
}
