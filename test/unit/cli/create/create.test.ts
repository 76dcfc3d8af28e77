import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli, ndjson, type Routes, refusal } from "../../../support/fake-cli.ts";

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "llamero-create-")));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(join(home, path, ".."), { recursive: true });
  writeFileSync(join(home, path), content);
}

const digestOf = (content: string): string =>
  `sha256:${new Bun.CryptoHasher("sha256").update(content).digest("hex")}`;

const SUCCESS: Routes = {
  "POST /api/show": () => refusal(404, "Not Found", "model 'm:latest' not found"),
  "POST /api/create": () => ndjson({ status: "writing manifest" }, { status: "success" }),
};

/** `create m -f Modelfile` with this Modelfile, against a server that has the blobs in `stored`. */
async function create(modelfile: string, stored: string[] = [], more: string[] = []) {
  write("Modelfile", modelfile);
  const blobs: Routes = {};
  const uploaded: string[] = [];
  for (const content of ["GGUF one", "GGUF two", "{}", "weights"]) {
    const path = `/api/blobs/${digestOf(content)}`;
    blobs[`HEAD ${path}`] = () => new Response(null, { status: stored.includes(content) ? 200 : 404 });
    blobs[`POST ${path}`] = (body) => {
      uploaded.push(String(body));
      return new Response(null, { status: 201 });
    };
  }
  const cli = fakeCli({ routes: { ...SUCCESS, ...blobs } });
  const code = await runCli(["create", "m", "-f", join(home, "Modelfile"), ...more], cli);
  const request = cli.requests.find(({ route }) => route === "POST /api/create")?.body;
  return { cli, code, request, uploaded, err: cli.err(), out: cli.out() };
}

test("hashing a large file lets the progress be drawn", async () => {
  write("Modelfile", "FROM ./large.gguf\n");
  write("large.gguf", "GGUF");
  truncateSync(join(home, "large.gguf"), 256 * 2 ** 20);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await runCli(["create", "m", "-f", join(home, "Modelfile")], fakeCli({ routes: SUCCESS }));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

describe("what is sent", () => {
  test("from another model, with everything else that a Modelfile may say", async () => {
    const { request, err, code } = await create(
      'FROM base\nSYSTEM s\nTEMPLATE t\nLICENSE a\nLICENSE b\nPARAMETER temperature 0.3\nPARAMETER stop "<e>"\nMESSAGE user u\nREQUIRES v0.1.0\nRENDERER r\nPARSER p',
      [],
      ["-q", "q4_K_M"],
    );
    expect(request).toEqual({
      model: "m",
      from: "base",
      system: "s",
      template: "t",
      license: ["a", "b"],
      parameters: { temperature: 0.3, stop: ["<e>"] },
      messages: [{ role: "user", content: "u" }],
      requires: "0.1.0",
      renderer: "r",
      parser: "p",
      quantize: "q4_K_M",
      stream: true,
    });
    expect({ err, code }).toEqual({
      err: "gathering model components\nwriting manifest\nsuccess\n",
      code: 0,
    });
  });

  test("a local GGUF is uploaded under its digest", async () => {
    write("sub/model.gguf", "GGUF one");
    const { request, uploaded } = await create("FROM ./sub/model.gguf");
    expect(request).toEqual({ model: "m", files: { "model.gguf": digestOf("GGUF one") }, stream: true });
    expect(uploaded).toEqual(["GGUF one"]);
  });

  test("a blob that the server has is not sent again", async () => {
    write("model.gguf", "GGUF one");
    const { request, uploaded } = await create(`FROM ${join(home, "model.gguf")}`, ["GGUF one"]);
    expect(request).toMatchObject({ files: { "model.gguf": digestOf("GGUF one") } });
    expect(uploaded).toEqual([]);
  });

  test("several files are named from their common root; an adapter is its own", async () => {
    write("a/one.gguf", "GGUF one");
    write("b/two.gguf", "GGUF two");
    const { request } = await create("FROM a/one.gguf\nFROM b/two.gguf\nADAPTER ./b/two.gguf");
    expect(request).toMatchObject({
      files: { "a/one.gguf": digestOf("GGUF one"), "b/two.gguf": digestOf("GGUF two") },
      adapters: { "two.gguf": digestOf("GGUF two") },
    });
  });

  test("a directory of GGUFs, without its other files", async () => {
    write("dir/model.gguf", "GGUF one");
    write("dir/config.json", "{}");
    expect((await create("FROM ./dir")).request).toMatchObject({
      files: { "model.gguf": digestOf("GGUF one") },
    });
  });

  test("a directory of safetensors, with what belongs to them", async () => {
    write("dir/model.safetensors", "weights");
    write("dir/config.json", "{}");
    write("dir/1_Pooling/config.json", "{}");
    write("dir/README.md", "x");
    const { request } = await create("FROM ./dir");
    expect(request).toEqual({
      model: "m",
      files: {
        "model.safetensors": digestOf("weights"),
        "config.json": digestOf("{}"),
        "1_Pooling/config.json": digestOf("{}"),
      },
      stream: true,
    });
  });
});

test("a directory of an adapter is sent, for the server to judge", async () => {
  write("lora/adapter_model.safetensors", "weights");
  write("lora/adapter_config.json", "{}");
  expect((await create("FROM base\nADAPTER ./lora")).request).toMatchObject({
    from: "base",
    adapters: {
      "adapter_model.safetensors": digestOf("weights"),
      "adapter_config.json": digestOf("{}"),
    },
  });
});

describe("what is refused", () => {
  test.each([
    ["FROM /dev/zero", "/dev/zero is neither a file nor a directory"],
    ["FROM ./missing.gguf", "no such file or directory: ./missing.gguf"],
    ["FROM base\nADAPTER missing", "no such file or directory: missing"],
    ["FROM .", "no Modelfile or safetensors files found"],
    ["FROM ~nobody-here/x", "failed to find user 'nobody-here'"],
    ["FROM base\nPARAMETER foo 1", "unknown parameter 'foo'"],
    ["SYSTEM x", "no FROM line"],
  ])("%j", async (modelfile, message) => {
    const { err, code, request } = await create(modelfile);
    expect(err.split("\n").at(-2)).toBe(`Error: ${message}`);
    expect({ code, request }).toEqual({ code: 1, request: undefined });
  });

  test("a draft that is a path and not there", async () => {
    write("model.gguf", "GGUF one");
    expect((await create("FROM model.gguf\nDRAFT ./none.gguf")).err).toContain(
      "Error: no such file or directory: ./none.gguf\n",
    );
  });

  test("a draft that is the model itself", async () => {
    write("model.gguf", "GGUF one");
    symlinkSync(join(home, "model.gguf"), join(home, "same.gguf"));
    expect((await create("FROM model.gguf\nDRAFT same.gguf")).err).toContain(
      "Error: DRAFT must not reference the same local path as FROM: same.gguf\n",
    );
  });

  test("a link that leads out of the directory", async () => {
    write("secret.gguf", "GGUF one");
    mkdirSync(join(home, "dir"));
    symlinkSync(join(home, "secret.gguf"), join(home, "dir/model.gguf"));
    expect((await create("FROM ./dir")).err).toContain("Error: insecure path: model.gguf\n");
  });

  test("a .bin that is no GGUF", async () => {
    write("dir/model.bin", "PK..");
    expect((await create("FROM ./dir")).err).toContain(
      "Error: invalid content type: model.bin is not a GGUF file\n",
    );
  });

  test("a Modelfile that is not there", async () => {
    const cli = fakeCli({ routes: SUCCESS });
    expect(await runCli(["create", "m", "-f", join(home, "none")], cli)).toBe(1);
    expect(cli.err()).toBe("Error: specified Modelfile wasn't found\n");
  });

  test("a bad name, before anything is uploaded", async () => {
    write("model.gguf", "GGUF one");
    write("Modelfile", "FROM model.gguf");
    const cli = fakeCli({
      routes: { "POST /api/show": () => refusal(400, "Bad Request", "invalid model name") },
    });
    expect(await runCli(["create", "a/b/c/d", "-f", join(home, "Modelfile")], cli)).toBe(1);
    expect(cli.err()).toBe("Error: invalid model name: a/b/c/d\n");
    expect(cli.requests).toHaveLength(1);
  });

  test("what the server refuses shows the status", async () => {
    write("Modelfile", "FROM base");
    const routes = { ...SUCCESS, "POST /api/create": () => refusal(400, "Bad Request", "unknown type") };
    const cli = fakeCli({ routes });
    expect(await runCli(["create", "m", "-f", join(home, "Modelfile")], cli)).toBe(1);
    expect(cli.err()).toEndWith("Error: 400 Bad Request: unknown type\n");
  });
});

test("a deprecated parameter is said on stdout", async () => {
  expect((await create("FROM base\nPARAMETER mirostat 1")).out).toBe(
    "warning: parameter mirostat is deprecated\n",
  );
});
