import type { Requester } from "../engine/port.ts";

/** The sender of a request. */
export interface Caller extends Pick<Requester, "used"> {
  /** Keeps the turns and cached prompts of callers apart: `key:` and the key's id; without a key, the caller's address. */
  id: string;
  /** Address of the caller's machine, by a trusted proxy or by the connection; "" for a unix socket, or where it is unknown. */
  address: string;
  /** The API key that the request carries; absent for none. */
  key?: { id: string; name: string };
}

const UNKNOWN: Caller = { id: "", address: "" };

const callers = new WeakMap<Request, Caller>();

/** Notes who sent a request. The door calls it once, before any route sees the request. */
export function setCaller(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** The sender of a request, as far as the door could tell. */
export const callerOf = (request: Request): Caller => callers.get(request) ?? UNKNOWN;
