import { createHash } from "node:crypto";

/** Addresses of the server's own machine, whose user can see everything anyway. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/**
 * The name under which one caller's prompts are cached, so that nobody else's answers are faster for them. A hash, since it is written to
 * the disk.
 * @param caller as in {@link Requester}. Undefined, "" and the machine itself share one name, "".
 */
export const saltOf = (caller = ""): string =>
  caller === "" || LOOPBACK.test(caller)
    ? ""
    : createHash("sha256").update(`llamero ${caller}`).digest("hex").slice(0, 32);
