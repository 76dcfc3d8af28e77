import { readFileSync } from "node:fs";

/** What a request costs everybody else. */
export interface Strain {
  /** Of the reply; 0 when the connection was closed without one. */
  status: number;
  text: string;
  /** All threads of the server together; runners are processes of their own. */
  cpuSeconds: number;
  /** Longest that the server's own thread worked between two replies to `GET /api/version`, in milliseconds of processor time. */
  pauseMs: number;
  /** Most that its resident memory grew by. */
  grownBytes: number;
}

const TICKS_PER_SECOND = 100;
const PROBE_EVERY_MS = 50;

/** Processor time of all threads of a process so far. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Processor time, not the time that passes: a busy machine must not fail a test. */
const threadMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

/**
 * Sends a request and measures the server until the reply is there. Linux only.
 *
 * @param send makes the request, with a limit of its own.
 */
export async function strainOf(
  server: { url: string; pid: number },
  send: () => Promise<Response>,
): Promise<Strain> {
  const before = { cpu: cpuSecondsOf(server.pid), bytes: residentBytes(server.pid) };
  let [pauseMs, grownBytes, over] = [0, 0, false];
  const sample = () => {
    grownBytes = Math.max(grownBytes, residentBytes(server.pid) - before.bytes);
  };
  const probing = (async () => {
    while (!over) {
      const started = threadMs(server.pid);
      await (await fetch(`${server.url}/api/version`)).text();
      pauseMs = Math.max(pauseMs, threadMs(server.pid) - started);
      sample();
      await Bun.sleep(PROBE_EVERY_MS);
    }
  })();
  const sampling = setInterval(sample, PROBE_EVERY_MS);
  try {
    const reply = await send();
    const text = await reply.text();
    return { status: reply.status, text, ...(await figures()) };
  } catch (error) {
    return { status: 0, text: String(error), ...(await figures()) };
  }

  async function figures() {
    over = true;
    await probing;
    clearInterval(sampling);
    sample();
    return { cpuSeconds: cpuSecondsOf(server.pid) - before.cpu, pauseMs, grownBytes };
  }
}

/** For reports. */
export const strainText = ({ status, cpuSeconds, pauseMs, grownBytes }: Strain): string =>
  `${status}, ${cpuSeconds.toFixed(2)} CPU s, pause ${pauseMs.toFixed(0)} ms, +${(grownBytes / 2 ** 20).toFixed(0)} MiB`;
