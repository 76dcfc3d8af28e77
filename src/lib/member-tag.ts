/** The header in which a balancer names the server that it has chosen (HAProxy's `http-send-name-header`). */
export const SERVER_HEADER = "X-Llamero-Server";

const LENGTH = 7;

/**
 * A short name for a member of a pool, from which its own name cannot be read: ids of responses end with it, so that the balancer
 * finds the member that keeps one.
 *
 * @param name the member's name in the balancer's configuration.
 */
export const memberTag = (name: string): string =>
  Bun.hash.crc32(name).toString(36).padStart(LENGTH, "0").slice(-LENGTH);
