/** Behind a real nginx: the caller is whom a trusted proxy names, and nobody else's word counts. */
import { expect, test } from "bun:test";
import { startNginx } from "../support/balancer.ts";
import { runCommand } from "../support/run-program.ts";
import { freePort, startServer, type TestServer } from "../support/server.ts";

const PROXY = "127.0.0.3";
/** Where callers are, for nginx and for the server. */
const [CALLER, STRANGER] = ["127.0.0.8", "203.0.113.9"];

const LIMIT_MS = 60_000;

/** @param header nginx' own: how it names the caller. */
const site = (port: number, server: TestServer, header: string): string => `
server {
    listen 127.0.0.1:${port};
    location / {
        proxy_pass ${server.url};
        proxy_bind ${PROXY};
        proxy_set_header Host $host;
        proxy_set_header ${header};
    }
}`;

/** Asks for something from an address, as somebody who says that he is somebody else. @returns the status, and who the log says it was. */
async function ask(server: TestServer, url: string, id: string, ...more: string[]) {
  const { stdout } = await runCommand(
    ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--interface", CALLER]
      .concat(["-H", `X-Request-Id: ${id}`, "-H", `X-Forwarded-For: ${STRANGER}`])
      .concat(more, [url]),
    { env: { PATH: process.env.PATH } },
  );
  const line = () =>
    server
      .stderr()
      .split("\n")
      .find((each) => each.includes(`id=${id}`));
  for (let tries = 0; line() === undefined && tries < 100; tries++) await Bun.sleep(20);
  return { status: Number(stdout), client: / client=(\S+)/.exec(line() ?? "")?.[1] };
}

test(
  "nginx is believed whom it names, a stranger is not",
  async () => {
    await using server = await startServer({ OLLAMA_TRUSTED_PROXIES: PROXY });
    const [replaced, added] = [freePort(), freePort()];
    const sites = [
      site(replaced, server, "X-Forwarded-For $remote_addr"),
      site(added, server, "X-Forwarded-For $proxy_add_x_forwarded_for"),
    ];
    await using _nginx = await startNginx(sites.join("\n"), `http://127.0.0.1:${replaced}`);
    const through = (port: number, id: string) => ask(server, `http://127.0.0.1:${port}/api/tags`, id);
    expect(await through(replaced, "replaced")).toEqual({ status: 200, client: CALLER });
    // What the caller has put there himself stands before what nginx adds, and is not read.
    expect(await through(added, "added")).toEqual({ status: 200, client: CALLER });
    // Past nginx the header is a stranger's word: he is who he is, and counts as far away as he says.
    const models = ["-X", "DELETE", "-d", '{"model":"x"}'];
    const direct = await ask(server, `${server.url}/api/delete`, "direct", ...models);
    expect(direct).toEqual({ status: 403, client: CALLER });
    const near = await ask(server, `http://127.0.0.1:${replaced}/api/delete`, "near", ...models);
    expect(near).toEqual({ status: 404, client: CALLER });
  },
  LIMIT_MS,
);

test(
  "a proxy that is not trusted lets nobody count as this machine",
  async () => {
    await using server = await startServer();
    const port = freePort();
    const config = site(port, server, "X-Forwarded-For $proxy_add_x_forwarded_for");
    await using _nginx = await startNginx(config, `http://127.0.0.1:${port}`);
    const models = ["-X", "DELETE", "-d", '{"model":"x"}'];
    const refused = await ask(server, `http://127.0.0.1:${port}/api/delete`, "untrusted", ...models);
    expect(refused).toEqual({ status: 403, client: PROXY });
  },
  LIMIT_MS,
);
