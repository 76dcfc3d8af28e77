import type { Finding } from "../lib/finding.ts";

/** The program that listens at the address that the server would listen on. */
export type Listener =
  | { who: "nobody" }
  /** A server that says which version it is; `llamero` undefined: it is Ollama. */
  | { who: "server"; ollama: string; llamero?: string }
  | { who: "somebody" }
  /** Nobody, and the system would not let a server listen there. */
  | { who: "forbidden"; code: string };

const FORBIDDEN: Readonly<Record<string, string>> = {
  EACCES: "ports below 1024 need a right that you do not have",
  EADDRNOTAVAIL: "this machine has no such address",
};

/** @param address as OLLAMA_HOST says it. @param own this llamero's version. */
export function judgePort(address: string, listener: Listener, own: string): Finding {
  const check = "port";
  const elsewhere = "set OLLAMA_HOST to another port, e.g. OLLAMA_HOST=127.0.0.1:11435";
  switch (listener.who) {
    case "nobody":
      return { check, verdict: "ok", says: `${address} is free` };
    case "server":
      return judgeServer(address, listener, own, elsewhere);
    case "somebody":
      return { check, verdict: "bad", says: `${address} is taken by another program`, advice: elsewhere };
    case "forbidden": {
      const why = FORBIDDEN[listener.code] ?? listener.code;
      return { check, verdict: "bad", says: `nothing can listen on ${address}: ${why}`, advice: elsewhere };
    }
  }
}

function judgeServer(
  address: string,
  { ollama, llamero }: Extract<Listener, { who: "server" }>,
  own: string,
  elsewhere: string,
): Finding {
  const check = "port";
  if (llamero === own) return { check, verdict: "ok", says: `llamero ${own} answers at ${address}` };
  if (llamero !== undefined) {
    const says = `llamero ${llamero} answers at ${address}, and this is ${own}`;
    return { check, verdict: "warning", says, advice: "restart the server" };
  }
  const advice = `stop it, or ${elsewhere}`;
  return { check, verdict: "bad", says: `Ollama ${ollama} answers at ${address}`, advice };
}
