import { canMount } from "./small-disk.ts";

/** A machine on a wire of its own with this one, at two addresses: one of a private network, and one of the internet's. */
export interface Neighbour extends Disposable {
  /** Addresses of this machine on that wire. */
  readonly here: { private: string; public: string };
  /** Sends a request from over there. */
  request(
    method: string,
    url: string,
    options?: { host?: string; body?: object },
  ): { status: number; text: string };
}

const NAMESPACE = "llamero-test";
const [HERE, THERE] = ["llamero-here", "llamero-there"];
const PRIVATE = "10.213.77";
/** For documentation (RFC 5737): no machine has such an address. */
const PUBLIC = "198.51.100";

function ip(...args: string[]): boolean {
  return Bun.spawnSync(["ip", ...args]).exitCode === 0;
}

/** Network namespaces, which only root may make, and `ip` and `curl`. */
export const canHaveNeighbour =
  canMount && Bun.which("ip") !== null && Bun.which("curl") !== null && makeWire() && removeWire();

function makeWire(): boolean {
  return [
    ["netns", "add", NAMESPACE],
    ["link", "add", HERE!, "type", "veth", "peer", "name", THERE!, "netns", NAMESPACE],
    ["addr", "add", `${PRIVATE}.1/24`, "dev", HERE!],
    ["addr", "add", `${PUBLIC}.1/24`, "dev", HERE!],
    ["link", "set", HERE!, "up"],
    ["-n", NAMESPACE, "addr", "add", `${PRIVATE}.2/24`, "dev", THERE!],
    ["-n", NAMESPACE, "addr", "add", `${PUBLIC}.2/24`, "dev", THERE!],
    ["-n", NAMESPACE, "link", "set", THERE!, "up"],
  ].every((args) => ip(...args));
}

function removeWire(): boolean {
  ip("link", "del", HERE!);
  return ip("netns", "del", NAMESPACE);
}

export function neighbour(): Neighbour {
  if (!makeWire()) throw new Error("no wire to a neighbour could be made");
  return {
    here: { private: `${PRIVATE}.1`, public: `${PUBLIC}.1` },
    request(method, url, { host, body } = {}) {
      const curl = ["curl", "-s", "-m", "10", "-X", method, url, "-w", "\n%{http_code}"];
      if (host !== undefined) curl.push("-H", `Host: ${host}`);
      if (body !== undefined) curl.push("-d", JSON.stringify(body));
      const { stdout } = Bun.spawnSync(["ip", "netns", "exec", NAMESPACE, ...curl]);
      const [, text = "", status = "0"] = /^([\s\S]*)\n(\d+)$/.exec(stdout.toString()) ?? [];
      return { status: Number(status), text };
    },
    [Symbol.dispose]: () => void removeWire(),
  };
}
