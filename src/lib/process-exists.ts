import { codeOf } from "./error-code.ts";

/** Is there a process of this machine with that id? One that has ended and was not reaped counts. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return codeOf(error) === "EPERM";
  }
}
