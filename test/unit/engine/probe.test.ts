import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeGpus, engineFields, loadedFields, reportEngine } from "../../../src/engine/engine-report.ts";
import type { EngineFacts } from "../../../src/engine/port.ts";
import { probeEngine } from "../../../src/engine/probe.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { infoFor } from "../../support/engine-fixtures.ts";

const FACTS: EngineFacts = {
  build: "llama.cpp v9",
  cpu: "icelake",
  threads: 3,
  devices: [
    { name: "CPU", description: "a CPU", kind: "cpu", freeBytes: 5e9, totalBytes: 8e9 },
    { name: "CUDA0", description: "a card", kind: "gpu", freeBytes: 6e9, totalBytes: 1e10 },
  ],
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-probe-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A probe that does what `source` says. */
async function probeOf(source: string) {
  const program = join(directory, `${Bun.randomUUIDv7()}.ts`);
  await Bun.write(program, source);
  return { program, library: "auto", threads: 0, cache: "", env: { PATH: process.env.PATH ?? "" } };
}

const signal = new AbortController().signal;

describe("the probe", () => {
  test("tells what it found", async () => {
    const options = await probeOf(
      `console.log("noise"); console.log(${JSON.stringify(JSON.stringify({ facts: FACTS }))})`,
    );
    expect(await probeEngine({ ...options, signal })).toEqual(FACTS);
  });

  test("an error that it tells, and an end without a word or with one", async () => {
    const cases = [
      [`console.log('{"error":"no device in /usr/lib/x.so"}')`, "no device in x.so"],
      ["process.exit(3)", "the engine could not be started: exit status 3"],
      [
        "console.error('driver too old'); process.abort()",
        /^the engine could not be started: signal SIGABRT: /,
      ],
    ] as const;
    for (const [source, message] of cases) {
      const failure = probeEngine({ ...(await probeOf(source)), signal });
      await expect(failure).rejects.toThrow(message);
    }
  });

  test("ends with its signal", async () => {
    const leaving = new AbortController();
    const probing = probeEngine({
      ...(await probeOf("setInterval(() => {}, 1000)")),
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(probing).rejects.toThrow();
  });
});

describe("the log", () => {
  test("says at the start what computes, or what keeps it from it", async () => {
    const lines: string[] = [];
    const logger = createLogger("info", "text", (line) => lines.push(line.replace(/^time=\S+ /, "")));
    const good = await probeOf(`console.log(${JSON.stringify(JSON.stringify({ facts: FACTS }))})`);
    const bad = await probeOf(`console.log('{"error":"no device"}')`);
    for (const options of [good, bad]) {
      const before = lines.length;
      const report = reportEngine(options, logger);
      while (lines.length === before) await Bun.sleep(5);
      await report[Symbol.asyncDispose]();
    }
    expect(lines).toEqual([
      'level=INFO msg=engine engine="llama.cpp v9" cpu=icelake threads=3 gpus="CUDA0 a card (6 GB of 10 GB free)" library=auto',
      'level=ERROR msg=engine error="no device"',
    ]);
  });

  test("says nothing when the server has ended before", async () => {
    const lines: string[] = [];
    const options = await probeOf("setInterval(() => {}, 1000)");
    const report = reportEngine(
      options,
      createLogger("info", "text", (line) => lines.push(line)),
    );
    await report[Symbol.asyncDispose]();
    expect(lines).toEqual([]);
  });

  test("says of a load where the model is, and what was not possible", () => {
    const info = { ...infoFor(16, 1), sizeVramBytes: 7 };
    expect(loadedFields(info, {})).toEqual({ bytes: 1234, gpu_bytes: 7 });
    const engine = { ...FACTS, layout: "gemma3", offloaded: "5/5" };
    expect(loadedFields({ ...info, engine }, { useMmap: true })).toEqual({
      bytes: 1234,
      gpu_bytes: 7,
      ...engineFields(FACTS),
      gpu_layers: "5/5",
      layout: "gemma3",
      mmap: "not possible for this layout",
    });
    expect(describeGpus([])).toBe("none");
  });
});
