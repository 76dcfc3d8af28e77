import { AppError } from "../lib/errors.ts";

/**
 * Can a server run here? Every model's answers come over a socket that its process inherits, which Bun has on Unix only. The other
 * commands run anywhere, and reach a server in WSL2 as one of this machine.
 *
 * @param platform as `process.platform` has it.
 * @throws AppError `unsupported` on Windows, naming what to do.
 */
export function checkPlatform(platform: string): void {
  if (platform !== "win32") return;
  throw new AppError(
    "unsupported",
    "on Windows the server runs in WSL2: install that with `wsl --install`, and llamero in it; its port is reached from Windows as localhost",
  );
}
