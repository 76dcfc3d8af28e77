import { expect, test } from "bun:test";
import { Album, PromptTokenizer } from "../../../src/inference/prompt-tokenizer.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

const signal = new AbortController().signal;
const png = (name: string): string =>
  Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), Buffer.from(name)]).toString(
    "base64",
  );

test("pictures that are padded to blocks are, by all that is in front of them", async () => {
  const engine = new FakeEngine();
  const lease = await engine.acquire({} as never, { signal });
  const images = [png("a"), png("b")];
  const rules = { most: 2, mostBytes: 1000, mostPixels: 1000 };
  const album = new Album(images, rules, { signal });
  const look = lease.look.bind(lease);
  lease.look = async (picture, aborted) =>
    (await look(picture, aborted)).map((piece) =>
      Array.isArray(piece) ? piece : { ...piece, cells: 10, align: 4 },
    );
  const tokenizer = new PromptTokenizer(lease, [7, 7], album, 1000);
  const [first, second] = album.marks.inPrompt({
    type: "completion",
    prompt: "",
    images,
    raw: true,
  }).images;
  const pieces = await tokenizer.pieces(`abc${first}de${second}f`);
  // Five cells in front of the first: one too many. It has nine, so that with two more sixteen are in front of the second.
  expect(pieces).toMatchObject([{ length: 5 }, { cells: 9, skip: 1 }, { length: 2 }, { cells: 10 }, [102]]);
});
