import type { AppError } from "../../lib/errors.ts";
import { retrying } from "../retrying.ts";
import type { Slots } from "../slots.ts";
import { upstream } from "../upstream.ts";
import type { BlobFile } from "./blob-file.ts";
import type { PartRow, UploadPart } from "./part-row.ts";
import { type Sending, sendBody } from "./send-body.ts";
import type { UploadSettings } from "./settings.ts";
import type { MakeBody, PartReply, UploadRequests } from "./upload-requests.ts";

/** The parts that sending a blob, or the rest of one, works with. */
export interface SendContext extends Sending {
  settings: UploadSettings;
  slots: Slots;
  requests: UploadRequests;
  file: BlobFile;
  size: number;
  partBytes: number;
  row: PartRow;
  /** MD5s of parts that were sent whole, by number; undefined where nobody wants them. */
  checksums: Map<number, Uint8Array> | undefined;
  /** Called when the connection has taken bytes. */
  moved(): void;
  /** Called when the registry has more bytes than before. */
  received(): void;
}

export type PartOutcome = { kind: "sent" } | Extract<PartReply, { kind: "lost" | "elsewhere" }>;

/**
 * Sends the missing bytes from `row.end` on. Parts go one after the other, as each reply names the URL for the next one; where the
 * registry sends parts to another host, those go side by side.
 *
 * @throws AppError; the signal's reason. All parts have stopped then.
 */
export async function sendParts(context: SendContext): Promise<PartOutcome> {
  const { row, size, settings } = context;
  const failed = new AbortController();
  const inner = { ...context, signal: AbortSignal.any([context.signal, failed.signal]) };
  const aside = new Set<Promise<void>>();
  try {
    for (let start = row.end; start < size; ) {
      while (aside.size >= settings.connections) await Promise.race(aside);
      failed.signal.throwIfAborted();
      const part = row.begin(start, Math.min(size, nextBoundary(start, context.partBytes)));
      const answer = await sendPart(inner, part);
      if (answer.kind === "lost" || answer.kind === "elsewhere") return answer;
      row.follow(answer.next);
      start = part.end;
      if (answer.kind === "taken") {
        complete(context, part, answer.end);
        start = answer.end;
        continue;
      }
      const putting = putPart(inner, part, answer.target)
        .catch((error: unknown) => failed.abort(error))
        .finally(() => aside.delete(putting));
      aside.add(putting);
    }
    await Promise.all(aside);
    failed.signal.throwIfAborted();
    return { kind: "sent" };
  } finally {
    failed.abort(upstream("another part has failed"));
    await Promise.all(aside);
  }
}

/** Parts end at multiples of their length, wherever the first one begins: the checksum counts on it. */
const nextBoundary = (start: number, partBytes: number): number =>
  (Math.floor(start / partBytes) + 1) * partBytes;

function sendPart(context: SendContext, part: UploadPart): Promise<PartReply> {
  const { requests, slots, signal } = context;
  return slots.run(signal, () =>
    transmit(context, part, (body, stop) => requests.patch(part.url, part.start, part.end, body, stop)),
  );
}

/** Puts a part. When the URL's permission has run out, the next attempt gets a new one by sending the part to the session again. */
async function putPart(context: SendContext, part: UploadPart, target: URL): Promise<void> {
  const { requests, slots, signal } = context;
  const put = (body: MakeBody, stop: AbortSignal) => requests.put(target, part.end - part.start, body, stop);
  let refused: AppError | undefined;
  const attempt = async (): Promise<void> => {
    refused = await slots.run(signal, () => transmit(context, part, put));
  };
  await retrying(context, () => 0, attempt);
  if (refused !== undefined) throw upstream(refused.message, refused);
  complete(context, part, part.end);
}

async function transmit<T>(
  context: SendContext,
  part: UploadPart,
  send: (body: MakeBody, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { file, checksums, partBytes } = context;
  const [length, isWhole] = [part.end - part.start, part.start % partBytes === 0];
  let latest = 0;
  try {
    return await sendBody(context, length, (taken, signal) => {
      const body: MakeBody = () => {
        const mine = ++latest;
        const md5 = checksums !== undefined && isWhole ? new Bun.CryptoHasher("md5") : undefined;
        let sent = 0;
        return file.body(part.start, part.end, (bytes) => {
          // The connection of a reply that came early may still read for a while.
          if (mine !== latest) return;
          md5?.update(bytes);
          sent += bytes.byteLength;
          part.sent = sent;
          if (md5 !== undefined && sent === length) checksums?.set(part.start / partBytes, md5.digest());
          taken(sent);
          context.moved();
        });
      };
      return send(body, signal);
    });
  } finally {
    latest = -1;
  }
}

function complete(context: SendContext, part: UploadPart, end: number): void {
  if (context.row.complete(part, end)) context.received();
  context.moved();
}
