import sharp, { type Sharp } from "sharp";
import { COLOURS } from "./colour-projector.ts";

/** A picture of one of {@link COLOURS}, as a PNG. */
export function pictureOf(colour: string, size = 64): Promise<Uint8Array<ArrayBuffer>> {
  const [r, g, b] = COLOURS[colour]!.map((value) => Math.round(value * 255)) as [number, number, number];
  return bytesOf(plain({ r, g, b }, size).png());
}

const plain = (background: { r: number; g: number; b: number }, size: number) =>
  sharp({ create: { width: size, height: size, channels: 3, background } });

/** A picture's file. */
export async function bytesOf(picture: Sharp): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await picture.toBuffer());
}
