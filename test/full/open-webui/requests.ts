import type { TestServer } from "../../support/server.ts";

/** A request as the server logged it when it was over. */
export interface LoggedRequest {
  method: string;
  path: string;
  status: number;
  /** The client went away before the end. */
  cancelled: boolean;
}

/** The requests that are over, in the order of their ends. */
export function requests({ stderr }: TestServer): LoggedRequest[] {
  return stderr()
    .split("\n")
    .filter((line) => line.includes(" msg=request "))
    .map((line) => ({
      method: field(line, "method"),
      path: field(line, "path"),
      status: Number(field(line, "status")),
      cancelled: field(line, "cancelled") === "true",
    }));
}

const field = (line: string, name: string): string => new RegExp(` ${name}=(\\S+)`).exec(line)?.[1] ?? "";
