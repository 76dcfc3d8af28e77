import { codeOf } from "../../src/lib/error-code.ts";

/** Whether somebody listens there already. Any other reason not to listen is the server's to tell. */
export function isPortTaken(hostname: string, port: number): boolean {
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
    return false;
  } catch (error) {
    return codeOf(error) === "EADDRINUSE";
  }
}
