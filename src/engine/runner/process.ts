import type { FromRunner, ToRunner } from "../protocol.ts";

/** How a process ended: one of the two is set. */
export interface RunnerExit {
  code: number | null;
  /** e.g. `SIGKILL` */
  signal: string | null;
}

/** The callbacks by which a runner process reports to its owner. None is called after `onExit`. */
export interface RunnerListener {
  onMessage(message: FromRunner): void;
  /** A line `load <fraction>` on its stdout. */
  onProgress(): void;
  /** Any other line that it prints, without the line break. */
  onLine(line: string): void;
  /** Once, after everything that it had sent and printed. */
  onExit(exit: RunnerExit): void;
}

/** A runner as an operating system process. The real one is in spawn.ts; tests of the core use one in memory. */
export interface RunnerProcess {
  readonly pid: number;
  /** Does nothing once the process is gone; `onExit` says so. */
  send(message: ToRunner): void;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
  /** Milliseconds that the process has computed or waited for a processor; undefined where that is unknown. */
  busyMs(): number | undefined;
}

/** @throws when the process cannot be started. */
export type SpawnRunner = (listener: RunnerListener) => RunnerProcess;
