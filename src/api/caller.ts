import type { Requester } from "../engine/port.ts";

/** Who sent a request. */
export interface Caller extends Pick<Requester, "used"> {
  /** What turns and prompts are kept apart by: `key:` and the key's id, without a key where he comes from. */
  id: string;
  /** Address of his machine, as a trusted proxy says or as it is connected; "" where there is none, or a socket of the file system. */
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

/** Who sent a request, as far as the door could tell. */
export const callerOf = (request: Request): Caller => callers.get(request) ?? UNKNOWN;
