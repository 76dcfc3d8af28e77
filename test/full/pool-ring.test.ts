/** How a real HAProxy spreads conversations over three servers, and which of them move when one is gone. The servers answer at once. */
import { expect, test } from "bun:test";
import { haproxyConfig } from "../../src/cli/pool/haproxy.ts";
import { parseMembers } from "../../src/cli/pool/member.ts";
import { startHaproxy } from "../support/balancer.ts";
import { freePort } from "../support/server.ts";

const KEYS = 9000;
const LANES = 12;

/** Answers with its own address. */
function stub(address: string): Disposable {
  const [hostname, port] = address.split(":");
  const server = Bun.serve({ hostname: hostname!, port: Number(port), fetch: () => new Response(address) });
  return { [Symbol.dispose]: () => void server.stop(true) };
}

/** The server that each conversation is sent to. */
async function whereabouts(url: string): Promise<string[]> {
  const found: string[] = Array(KEYS).fill("");
  const lane = async (first: number): Promise<void> => {
    for (let key = first; key < KEYS; key += LANES) {
      const reply = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "x-session-id": `session ${key}` },
        body: "{}",
      });
      found[key] = await reply.text();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)));
  return found;
}

test("a server that is gone takes its own conversations with it, a third of all, and no others move", async () => {
  const port = freePort();
  const addresses = [1, 2, 3].map((host) => `127.0.0.${host}:${port}`);
  const bind = `127.0.0.1:${freePort()}`;
  const members = parseMembers(addresses.join(","));
  // What is under way beside it would move a conversation, too; this is about the ring alone.
  const config = haproxyConfig({ members, bind, slots: LANES, agentPort: freePort() })
    .replace(/ +hash-balance-factor .*\n/, "")
    .replace(/ {4}stick (match|store).*\n/g, "");
  const servers = addresses.map(stub);
  try {
    await using _ = await startHaproxy(config, `http://${bind}`);
    const before = await whereabouts(`http://${bind}`);
    servers[1]![Symbol.dispose]();
    const after = await whereabouts(`http://${bind}`);
    const moved = before.filter((address, key) => address !== after[key]);
    console.log(`pool: ring ${JSON.stringify({ keys: KEYS, moved: moved.length })}`);
    expect(new Set(moved)).toEqual(new Set([addresses[1]!]));
    expect(after).not.toContain(addresses[1]);
    // Shares of the ring are even to 0.2 %; what chance makes of so many keys has a standard deviation of 0.5 %, and three of it are allowed.
    for (const address of addresses) {
      const share = before.filter((each) => each === address).length / KEYS;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.002 + 3 * Math.sqrt(2 / 9 / KEYS));
    }
  } finally {
    for (const server of servers) server[Symbol.dispose]();
  }
}, 120_000);
