import { hostname } from "node:os";
import { processExists } from "../lib/process-exists.ts";

/** The process that writes a temporary file. */
export interface TempFileWriter {
  /** Hash of the host's name: process ids mean nothing on another host, and every container is one. */
  host: string;
  pid: number;
  /** Differs between two processes that had the same id one after the other, as containers' main processes do. */
  life: string;
}

export const thisWriter: TempFileWriter = {
  host: new Bun.CryptoHasher("sha256").update(hostname()).digest("hex").slice(0, 8),
  pid: process.pid,
  life: crypto.randomUUID().slice(0, 8),
};

const NAME = /^tmp-([0-9a-f]{8})-(\d{1,10})-([0-9a-f]{8})-[0-9a-f-]{36}$/;

/** A name in `blobs/` that no other writer uses and that tells its writer. */
export function temporaryName(writer: TempFileWriter = thisWriter): string {
  return `tmp-${writer.host}-${writer.pid}-${writer.life}-${crypto.randomUUID()}`;
}

/** The writer of a temporary file; undefined when the name is not one of ours. */
export function writerOf(name: string): TempFileWriter | undefined {
  const [, host, pid, life] = NAME.exec(name) ?? [];
  if (host === undefined || pid === undefined || life === undefined) return undefined;
  return { host, pid: Number(pid), life };
}

/** Whether a writer may still be at work; `unknown` for another host's. */
export function lifeOf(
  writer: TempFileWriter,
  self: TempFileWriter = thisWriter,
  isRunning: (pid: number) => boolean = processExists,
): "alive" | "dead" | "unknown" {
  if (writer.host !== self.host) return "unknown";
  if (writer.pid === self.pid) return writer.life === self.life ? "alive" : "dead";
  return isRunning(writer.pid) ? "alive" : "dead";
}

/** A writer as a text, for the `writer` column of a row. Default: this process. */
export const writerText = ({ host, pid, life }: TempFileWriter = thisWriter): string =>
  `${host}-${pid}-${life}`;

/** Has the process ended that such a text names? A writer on another host cannot be checked, and counts as alive. */
export function isWriterGone(text: string): boolean {
  const [host, pid, life] = text.split("-");
  if (host === undefined || pid === undefined || life === undefined) return true;
  return lifeOf({ host, pid: Number(pid), life }) === "dead";
}

/** Does such a text name another process that may be alive? */
export const isOtherWriter = (text: string | null | undefined): boolean =>
  text != null && text !== writerText() && !isWriterGone(text);
