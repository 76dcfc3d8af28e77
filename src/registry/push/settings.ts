import { partLength } from "../plan-parts.ts";
import { DEFAULT_SETTINGS, type DownloadSettings } from "../settings.ts";

/** How patient an upload is, and how it is cut. `stallMs` is silence while a body is sent. */
export interface UploadSettings extends DownloadSettings {
  /** How long the reply may take once everything is sent, in milliseconds. */
  replyMs: number;
  /** Length of a part of a blob of `size` bytes. */
  partBytes(size: number): number;
}

const MIB = 2 ** 20;
const LEAST_BYTES = 16 * MIB;
const MOST_BYTES = 64 * MIB;

/**
 * A sixteenth of the blob each, from 16 to 64 MiB. Ollama's parts are 100 to 1000 MB, and many proxies take no body of more than
 * 100 MB. S3, where Ollama's registry has parts put, takes none below 5 MiB and no more than 10 000 of them.
 */
export const uploadPartBytes = (size: number): number => partLength(size, LEAST_BYTES, MOST_BYTES);

/** Before its last reply a registry may hash the whole blob. */
export const DEFAULT_UPLOAD_SETTINGS: UploadSettings = {
  ...DEFAULT_SETTINGS,
  connections: 4,
  replyMs: 5 * 60_000,
  partBytes: uploadPartBytes,
};
