/** A real server, killed again and again while keys are made and revoked: what it has said of them stays true. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { seededRandom } from "../support/random.ts";

const ROUNDS = 25;
const CLIENTS = 3;
/** Every so many rounds the books are lost as well: what is kept beside them has to know. */
const LOSE_BOOKS_EVERY = 8;
const LIMIT_MS = 300_000;

interface Kept {
  name: string;
  text: string;
  /** `perhaps`: the server was killed before it could say. */
  revoked: boolean | "perhaps";
}

type Ask = (method: string, path: string, body?: object) => Promise<Response>;

const asker =
  (url: string, key: string): Ask =>
  (method, path, body) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body && { body: JSON.stringify(body) }),
    });

/** Makes keys and revokes some until the server dies, and remembers what it was told. */
async function client(ask: Ask, kept: Kept[], prefix: string): Promise<void> {
  for (let at = 0; ; at++) {
    const name = `${prefix}-${at}`;
    let key: Kept | undefined;
    try {
      const made = await ask("POST", "/api/keys", { name });
      if (made.status !== 200) throw new Error(`${made.status} ${await made.text()}`);
      key = { name, text: ((await made.json()) as { key: string }).key, revoked: false };
      kept.push(key);
      if (at % 2 === 0) continue;
      key.revoked = "perhaps";
      const gone = await ask("DELETE", `/api/keys/${name}`);
      if (gone.status !== 200) throw new Error(`${gone.status} ${await gone.text()}`);
      key.revoked = true;
    } catch (error) {
      if (/^Error: \d{3} /.test(String(error))) throw error;
      // The connection has broken: the server is dead.
      return;
    }
  }
}

async function checkKept({ url }: KillableServer, kept: readonly Kept[]): Promise<void> {
  for (const { name, text, revoked } of kept) {
    const { status } = await asker(url, text)("GET", "/api/tags");
    const expected = revoked === "perhaps" ? [200, 401] : [revoked ? 401 : 200];
    if (!expected.includes(status)) throw new Error(`${name}, revoked: ${revoked}: status ${status}`);
  }
}

test(
  "keys that were acknowledged are there, revoked ones are refused, and the books are sound",
  async () => {
    const home = await mkdtemp(join(tmpdir(), "llamero-keys-"));
    const models = join(home, "models");
    const random = seededRandom(18);
    try {
      let server = await startKillable(home, {});
      const first = await fetch(`${server.url}/api/keys`, {
        method: "POST",
        body: JSON.stringify({ name: "root", scopes: ["admin"] }),
      });
      const { key } = (await first.json()) as { key: string };
      let all = 0;
      for (let round = 1; round <= ROUNDS; round++) {
        const kept: Kept[] = [];
        const ask = asker(server.url, key);
        const clients = Array.from({ length: CLIENTS }, (_, at) => client(ask, kept, `r${round}c${at}`));
        // However slow the machine is: in the middle of the work, at another moment each time.
        const enough = 2 + Math.floor(random() * 8);
        while (kept.length < enough) await Bun.sleep(1);
        await Bun.sleep(random() * 10);
        await server.end("SIGKILL");
        await Promise.all(clients);
        const losesBooks = round % LOSE_BOOKS_EVERY === 0;
        if (losesBooks)
          for (const end of ["", "-wal", "-shm"]) await rm(join(models, `llamero.db${end}`), { force: true });
        server = await startKillable(home, {});
        await checkKept(server, kept);
        all += kept.length;
        using db = new Database(join(models, "llamero.db"), { readonly: true });
        expect(db.query("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
        // Whatever happens to the books, nobody comes in without a key.
        expect((await fetch(`${server.url}/api/tags`)).status).toBe(401);
      }
      console.log(`keys: ${all} in ${ROUNDS} lives of a server`);
      expect(all).toBeGreaterThan(ROUNDS);
      await server.end("SIGTERM");
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);
