import { describe, expect, test } from "bun:test";
import { decodeSound, resample } from "../../../../native/vision/decode/sound.ts";

interface Wav {
  code?: number;
  channels?: number;
  rate?: number;
  bits: number;
  /** Bytes a chunk of another kind has in front. */
  junk?: number;
}

/** A WAV of frames; `write` puts one sample at an offset. */
function wav(
  { code = 1, channels = 1, rate = 16_000, bits, junk = 0 }: Wav,
  samples: number[],
  write: (view: DataView, at: number, sample: number) => void,
) {
  const width = bits / 8;
  const extra = junk > 0 ? 8 + junk + (junk % 2) : 0;
  const bytes = new Uint8Array(44 + extra + samples.length * width);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string) => bytes.set(new TextEncoder().encode(word), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, bits, true);
  if (junk > 0) {
    text(36, "LIST");
    view.setUint32(40, junk, true);
  }
  text(36 + extra, "data");
  view.setUint32(40 + extra, samples.length * width, true);
  for (const [index, sample] of samples.entries()) write(view, 44 + extra + index * width, sample);
  return bytes;
}

const pcm16 = (options: Partial<Wav>, samples: number[]) =>
  wav({ bits: 16, ...options }, samples, (view, at, sample) => view.setInt16(at, sample, true));

describe("a WAV file", () => {
  test("of 16 bits", () => {
    expect([...decodeSound(pcm16({}, [0, 16_384, -32_768]), 16_000)]).toEqual([0, 0.5, -1]);
  });

  test("of other kinds", () => {
    const eight = wav({ bits: 8 }, [128, 192, 0], (view, at, sample) => view.setUint8(at, sample));
    expect([...decodeSound(eight, 16_000)]).toEqual([0, 0.5, -1]);
    const float = wav({ code: 3, bits: 32 }, [0.25, -0.5], (view, at, sample) =>
      view.setFloat32(at, sample, true),
    );
    expect([...decodeSound(float, 16_000)]).toEqual([0.25, -0.5]);
    const wide = wav({ bits: 32 }, [2 ** 30], (view, at, sample) => view.setInt32(at, sample, true));
    expect([...decodeSound(wide, 16_000)]).toEqual([0.5]);
    const odd = wav({ bits: 24 }, [-(2 ** 22)], (view, at, sample) => {
      view.setUint16(at, sample & 0xffff, true);
      view.setInt8(at + 2, sample >> 16);
    });
    expect([...decodeSound(odd, 16_000)]).toEqual([-0.5]);
  });

  test("with channels to mix, and chunks of other kinds in between", () => {
    expect([...decodeSound(pcm16({ channels: 2, junk: 5 }, [16_384, 0, -16_384, 16_384]), 16_000)]).toEqual([
      0.25, 0,
    ]);
  });

  test("at another rate", () => {
    expect(decodeSound(pcm16({ rate: 48_000 }, Array<number>(4800).fill(8192)), 16_000)).toEqual(
      new Float32Array(1600).fill(0.25),
    );
    expect([...resample(Float32Array.of(0, 1), 8000, 16_000)]).toEqual([0, 0.5, 1, 1]);
  });

  test("that was cut off is read as far as it goes", () => {
    expect([...decodeSound(pcm16({}, [16_384, 16_384]).subarray(0, 46), 16_000)]).toEqual([0.5]);
  });

  test.each<[string, Uint8Array, string]>([
    ["no data", pcm16({}, []).subarray(0, 40), "the sound is no whole WAV file"],
    ["no frames", pcm16({}, []), "the sound is empty"],
    ["a compressed one", pcm16({ code: 17 }, [1]), "the sound is of a kind of WAV that is not supported"],
    ["no channels", pcm16({ channels: 0 }, [1]), "the sound is of a kind of WAV that is not supported"],
    [
      "hours of it",
      pcm16({ rate: 1000 }, Array<number>(1_800_001).fill(0)),
      "the sound is longer than 30 minutes",
    ],
  ])("refused: %s", (_, bytes, message) => {
    expect(() => decodeSound(bytes, 16_000)).toThrow(message);
  });
});
