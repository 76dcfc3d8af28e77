import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLines } from "../../src/engine/runner/lines.ts";

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
const SAMPLE_EVERY_MS = 50;
const PROBE = join(import.meta.dir, "strain-child.ts");

/** Processor time of all threads of a process so far. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

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
  const probe = await startProbe(server);
  const before = { cpu: cpuSecondsOf(server.pid), bytes: residentBytes(server.pid) };
  let grownBytes = 0;
  const sample = () => {
    grownBytes = Math.max(grownBytes, residentBytes(server.pid) - before.bytes);
  };
  const sampling = setInterval(sample, SAMPLE_EVERY_MS);
  const figures = async () => {
    const cpuSeconds = cpuSecondsOf(server.pid) - before.cpu;
    clearInterval(sampling);
    sample();
    return { cpuSeconds, grownBytes, pauseMs: await probe.longest() };
  };
  try {
    const reply = await send();
    const text = await reply.text();
    return { status: reply.status, text, ...(await figures()) };
  } catch (error) {
    return { status: 0, text: String(error), ...(await figures()) };
  }
}

/** See strain-child.ts. It has had its first reply when this resolves. */
async function startProbe({ url, pid }: { url: string; pid: number }) {
  const child = Bun.spawn([process.execPath, PROBE, url, String(pid)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const ready = Promise.withResolvers<void>();
  let last = "";
  const read = readLines(child.stdout, (line) => {
    last = line;
    ready.resolve();
  });
  void child.exited.then(() => ready.reject(new Error("the probe ended")));
  await ready.promise;
  return {
    async longest(): Promise<number> {
      child.stdin.end();
      await read;
      return Number(last);
    },
  };
}

/** For reports. */
export const strainText = ({ status, cpuSeconds, pauseMs, grownBytes }: Strain): string =>
  `${status}, ${cpuSeconds.toFixed(2)} CPU s, pause ${pauseMs.toFixed(0)} ms, +${(grownBytes / 2 ** 20).toFixed(0)} MiB`;
