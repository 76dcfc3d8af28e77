import { badRequest } from "../../../src/lib/errors.ts";

/** Most seconds of a sound: an hour would be gigabytes. */
const MOST_SECONDS = 30 * 60;

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface Format {
  code: number;
  channels: number;
  rate: number;
  bits: number;
}

/**
 * A WAV file as samples from -1 to 1: all channels mixed into one, at the rate that is wanted. PCM of 8 to 32 bits and floats.
 *
 * @throws AppError `bad_request` for a file that is no complete WAV file, or longer than half an hour.
 */
export function decodeSound(bytes: Uint8Array, rate: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { format, data } = readChunks(view);
  const frames = Math.floor(data.byteLength / ((format.bits / 8) * format.channels));
  if (frames === 0) throw badRequest("the sound is empty");
  if (frames / format.rate > MOST_SECONDS) throw badRequest("the sound is longer than 30 minutes");
  return resample(mix(data, format, frames), format.rate, rate);
}

function readChunks(view: DataView): { format: Format; data: DataView } {
  let format: Format | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size;
    if (name === "fmt " && end <= view.byteLength && size >= 16) format = readFormat(view, at + 8, size);
    if (name === "data") {
      if (format === undefined) throw badRequest("the sound's data comes before its format");
      // A stream's header may promise more than there is.
      const length = Math.min(size, view.byteLength - at - 8);
      return { format, data: new DataView(view.buffer, view.byteOffset + at + 8, length) };
    }
    at = end + (size % 2);
  }
  throw badRequest("the sound is no whole WAV file");
}

function readFormat(view: DataView, at: number, size: number): Format {
  const code = view.getUint16(at, true);
  const format: Format = {
    // The extensible form names the real code at its end.
    code: code === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : code,
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
  const known = format.code === PCM ? [8, 16, 24, 32] : format.code === FLOAT ? [32, 64] : [];
  const sane = format.channels >= 1 && format.channels <= 32 && format.rate >= 1000 && format.rate <= 768_000;
  if (!known.includes(format.bits) || !sane)
    throw badRequest("the sound is of a kind of WAV that is not supported");
  return format;
}

function mix(data: DataView, format: Format, frames: number): Float32Array {
  const read = reader(data, format);
  const width = format.bits / 8;
  const mixed = new Float32Array(frames);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel++, at += width) sum += read(at);
    mixed[frame] = sum / format.channels;
  }
  return mixed;
}

function reader(data: DataView, { code, bits }: Format): (at: number) => number {
  if (code === FLOAT) {
    return bits === 64 ? (at) => data.getFloat64(at, true) : (at) => data.getFloat32(at, true);
  }
  if (bits === 8) return (at) => (data.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (data.getUint16(at, true) + data.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  return (at) => data.getInt32(at, true) / 2 ** 31;
}

/** Linear between neighbours; before thinning out, the mean of the samples that one stands for, which keeps out what would alias. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const step = from / to;
  const out = new Float32Array(Math.max(1, Math.floor(samples.length / step)));
  for (let i = 0; i < out.length; i++) {
    const at = i * step;
    out[i] = step > 1 ? mean(samples, at, at + step) : between(samples, at);
  }
  return out;
}

function between(samples: Float32Array, at: number): number {
  const left = Math.floor(at);
  const right = Math.min(left + 1, samples.length - 1);
  return samples[left]! + (samples[right]! - samples[left]!) * (at - left);
}

function mean(samples: Float32Array, from: number, to: number): number {
  const end = Math.min(Math.ceil(to), samples.length);
  let sum = 0;
  for (let i = Math.floor(from); i < end; i++) sum += samples[i]!;
  return sum / (end - Math.floor(from));
}
