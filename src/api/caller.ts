/** Who sent a request. */
export interface Caller {
  /** What limits and turns are counted by; today the address. */
  id: string;
  /** Address of the machine that is connected; "" where there is no socket, or one of the file system. */
  address: string;
}

const UNKNOWN: Caller = { id: "", address: "" };

const callers = new WeakMap<Request, Caller>();

/** Notes who sent a request. The door calls it once, before any route sees the request. */
export function setCaller(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** Who sent a request, as far as the door could tell. */
export const callerOf = (request: Request): Caller => callers.get(request) ?? UNKNOWN;
