import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachMedia, beginsWithMedia } from "../../../../src/cli/run/media.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import type { ShowReply } from "../../../../src/client/index.ts";
import { fakeCli, ndjson } from "../../../support/fake-cli.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
const WAV = new TextEncoder().encode("RIFF\0\0\0\0WAVEfmt ");
const base64 = Buffer.from(PNG).toString("base64");

const details = {
  format: "gguf",
  family: "llama",
  families: null,
  parameter_size: "",
  quantization_level: "",
};
const modelThat = (...capabilities: string[]) => ({ details, capabilities }) as unknown as ShowReply;
const seeing = modelThat("completion", "vision");
const blind = modelThat("completion");

let folder: string;
let png: string;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-media-"));
  png = join(folder, "a.png");
  for (const name of ["a.png", "my pic (1).PNG", "b.webp"]) await Bun.write(join(folder, name), PNG);
  await Bun.write(join(folder, "hum.wav"), WAV);
  await Bun.write(join(folder, "old.tiff"), "II*\0rest");
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

describe("files that a prompt names", () => {
  test.each([
    ["What is this? ./a.png", "What is this?", ["./a.png"]],
    ["./a.png what is this?", "what is this?", ["./a.png"]],
    ["a.png?", "?", ["a.png"]],
    ["look at './my pic (1).PNG' please", "look at  please", ["./my pic (1).PNG"]],
    ["look at ./my\\ pic\\ \\(1\\).PNG", "look at", ["./my pic (1).PNG"]],
    ["compare ./a.png and ./b.webp", "compare  and", ["./a.png", "./b.webp"]],
  ])("%s", async (prompt, left, paths) => {
    const attached = await attachMedia(prompt, "m", seeing);
    expect(attached.prompt).toBe(left);
    expect(attached.notes).toEqual(paths.map((path) => `Added image '${path}'`));
    expect(attached.images).toEqual(paths.map(() => base64));
  });

  test("an absolute path, as a terminal writes what is dropped on it", async () => {
    expect((await attachMedia(`${png} `, "m", seeing)).notes).toEqual([`Added image '${png}'`]);
    expect(beginsWithMedia(png)).toBe(true);
    expect(beginsWithMedia("/show info")).toBe(false);
  });

  test("a sound is for a model that hears", async () => {
    const attached = await attachMedia("./hum.wav", "m", modelThat("completion", "audio"));
    expect(attached.notes).toEqual(["Added audio './hum.wav'"]);
    await expect(attachMedia("./hum.wav", "m", seeing)).rejects.toThrow(
      "'./hum.wav' is a sound, and the model 'm' does not hear",
    );
  });

  test.each([
    ["what is missing.png?", seeing],
    ["how is https://x.example/a.png made?", seeing],
    ["what are png files?", blind],
    ["write ./new.png with sharp", blind],
  ])("left alone: %s", async (prompt, report) => {
    expect(await attachMedia(prompt, "m", report)).toEqual({ prompt, images: [], notes: [] });
  });
});

describe("a picture's path is never read as text", () => {
  test.each<[string, ShowReply, string]>([
    ["What is this? ./a.png", blind, "'./a.png' is an image, and the model 'm' does not see"],
    ["What is this? a.png", blind, "'a.png' is an image, and the model 'm' does not see"],
    [
      "What is this? ./nope.png",
      seeing,
      "couldn't find './nope.png': a path of a picture is not read as text",
    ],
    ["What is this? ./old.tiff", seeing, `Couldn't process file: "invalid file type: TIFF"`],
    [
      "What is this? ./a.png",
      { ...blind, projector_info: {} } as ShowReply,
      "'./a.png' is an image, and the server cannot see yet; on its machine run: llamero engine add vision",
    ],
  ])("%s", async (prompt, report, message) => {
    await expect(attachMedia(prompt, "m", report)).rejects.toThrow(message);
  });
});

describe("run", () => {
  const routes = (report: ShowReply) => ({
    "POST /api/show": () => report,
    "POST /api/generate": () => ndjson({ response: "a cat", done: false }, { response: "", done: true }),
  });
  const run = async (report: ShowReply, stdin: string | undefined, ...words: string[]) => {
    const cli = fakeCli({ routes: routes(report), ...(stdin !== undefined && { stdin }) });
    const code = await runCli(["run", "m", ...words], cli);
    const body = cli.requests.find(({ route }) => route === "POST /api/generate")?.body;
    return { code, err: cli.err(), body };
  };

  test("sends the picture, and says so", async () => {
    const { code, err, body } = await run(seeing, undefined, "What is this?", "./a.png");
    expect([code, err]).toEqual([0, "Added image './a.png'\n"]);
    expect(body).toMatchObject({ prompt: "What is this?", images: [base64] });
  });

  test("a picture alone is a question, too", async () => {
    expect((await run(seeing, undefined, "./a.png")).body).toMatchObject({
      prompt: "[img]",
      images: [base64],
    });
  });

  test("a model that cannot see is not asked", async () => {
    const { code, err, body } = await run(blind, undefined, "What is this?", "./a.png");
    expect([code, body]).toEqual([1, undefined]);
    expect(err).toBe("Error: './a.png' is an image, and the model 'm' does not see\n");
  });

  test("paths in piped text are somebody else's: no file is given away for them", async () => {
    const { body } = await run(seeing, "log: opened ./a.png", "sum up");
    expect(body).toMatchObject({ prompt: "log: opened ./a.png sum up" });
    expect(body).not.toHaveProperty("images");
  });
});
