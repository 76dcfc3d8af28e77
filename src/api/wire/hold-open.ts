/** The part of Bun's server that a route needs; Elysia's context carries it as `server`, null where there is no socket. */
export interface ConnectionTimeouts {
  timeout(request: Request, seconds: number): void;
}

/**
 * Lifts the idle timeout from a request whose reply may stay silent for long: a model that loads, a prompt that is evaluated.
 * Called once the body has been read, so that a slow sender is still cut off.
 */
export const holdOpen = (server: ConnectionTimeouts | null, request: Request): void =>
  server?.timeout(request, 0);
