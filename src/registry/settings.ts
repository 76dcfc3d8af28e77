/** How patient a download is. */
export interface DownloadSettings {
  /** Connections of all downloads together. */
  connections: number;
  /** Attempts in a row that bring no byte before a part is given up. */
  attempts: number;
  /** Silence after which a connection is given up, in milliseconds. */
  stallMs: number;
  /** Pause before the next attempt, in milliseconds, after so many failures. */
  backoffMs(failures: number): number;
}

/**
 * Ollama's numbers (docs/behaviour: registry-and-store §6), except the connections. Bun reads up to 1 MB ahead of us on each, and about
 * 2 MB of memory were measured for one; six are enough for a line of six times the speed of one connection.
 */
export const DEFAULT_SETTINGS: DownloadSettings = {
  connections: 6,
  attempts: 6,
  stallMs: 30_000,
  backoffMs: (failures) => 1000 * 2 ** (failures - 1),
};
