/** https by files of certificates. */
import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listen } from "../../src/http/listen.ts";
import { fakeApp } from "../support/fake-app.ts";
import { listenConfig } from "../support/listen-config.ts";
import { tempDirectory } from "../support/store-fixture.ts";

/** A certificate of 127.0.0.1 and its key. */
function certificate(directory: string, name: string) {
  const [tlsCert, tlsKey] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  const made = Bun.spawnSync([
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...[
      "-keyout",
      tlsKey,
      "-out",
      tlsCert,
      "-days",
      "2",
      "-subj",
      "/CN=test",
      "-addext",
      "subjectAltName=IP:127.0.0.1",
    ],
  ]);
  if (made.exitCode !== 0) throw new Error(made.stderr.toString());
  return { tlsCert, tlsKey };
}

test.skipIf(Bun.which("openssl") === null)("a server with a certificate speaks https", async () => {
  using directory = tempDirectory();
  const files = certificate(directory.path, "a");
  await using server = await listen(fakeApp().app, listenConfig(files));
  expect(server.url).toStartWith("https://127.0.0.1:");
  const ca = readFileSync(files.tlsCert, "utf8");
  expect(await (await fetch(server.url, { tls: { ca } })).text()).toBe("Ollama is running");
  expect(fetch(server.url)).rejects.toThrow();
});

test.skipIf(Bun.which("openssl") === null)("files that do not fit are told by their variables", async () => {
  using directory = tempDirectory();
  const [one, other] = [certificate(directory.path, "a"), certificate(directory.path, "b")];
  const start = (files: object) => listen(fakeApp().app, listenConfig(files));
  expect(start({ ...one, tlsKey: other.tlsKey })).rejects.toThrow(
    "OLLAMA_TLS_CERT and OLLAMA_TLS_KEY cannot",
  );
  expect(start({ ...one, tlsKey: "/nowhere" })).rejects.toThrow('OLLAMA_TLS_KEY="/nowhere" cannot be read');
  writeFileSync(one.tlsCert, "junk");
  expect(start(one)).rejects.toThrow("cannot be used together");
});
