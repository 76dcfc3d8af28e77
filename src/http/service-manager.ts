import type { Environment } from "../config/resolve.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";

/** Reports the server's state to systemd, where systemd has started it (sd_notify(3)). */
export interface ServiceManager extends Disposable {
  /** The server listens. From now on systemd's watchdog gets a sign of life of the event loop, twice as often as it asks for. */
  ready(): void;
  stopping(): void;
  /** Requests are still under way: asks systemd to wait longer. May be called at any rate. */
  stillStopping(): void;
}

/** How often systemd is asked for more time. */
const EXTEND_EVERY_MS = 2000;

/**
 * @param env NOTIFY_SOCKET names systemd's socket, WATCHDOG_USEC says how long it waits for a sign of life. Without the first
 * nothing is told.
 */
export function serviceManager(env: Environment, clock: Clock, logger: Logger): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog, PATH: path } = env;
  let cancel = (): void => {};
  let nextPlea = 0;
  const tell = (state: string): void => {
    if (socket) notify(state, { NOTIFY_SOCKET: socket, ...(path && { PATH: path }) }, logger);
  };
  const beat = (everyMs: number): void => {
    cancel = clock.after(everyMs, () => {
      tell("WATCHDOG=1");
      beat(everyMs);
    });
  };
  return {
    ready() {
      tell("READY=1");
      if (socket && watchdog) beat(Number(watchdog) / 2000);
    },
    stopping: () => tell("STOPPING=1"),
    stillStopping() {
      if (clock.now() < nextPlea) return;
      nextPlea = clock.now() + EXTEND_EVERY_MS;
      tell(`EXTEND_TIMEOUT_USEC=${3 * EXTEND_EVERY_MS * 1000}`);
    },
    [Symbol.dispose]: () => cancel(),
  };
}

/** By systemd's own program: Bun has no datagram sockets of the Unix kind. */
function notify(state: string, env: Record<string, string>, logger: Logger): void {
  try {
    Bun.spawn(["systemd-notify", `--pid=${process.pid}`, state], {
      env,
      stdio: ["ignore", "ignore", "ignore"],
    });
  } catch (error) {
    logger.warn("systemd could not be told", {
      state,
      error: messageOf(error),
    });
  }
}
