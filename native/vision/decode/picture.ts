import type Sharp from "sharp";
import { AppError, badRequest, messageOf } from "../../../src/lib/errors.ts";

/** A longer side is scaled down to this: no projector looks closer, and the pixels cost three bytes each. */
const LONGEST_SIDE = 4096;

/** The formats that libvips may open: no SVG, no TIFF, no PDF, nothing that runs another program. */
const LOADERS = ["JpegBuffer", "PngBuffer", "WebpBuffer", "NsgifBuffer", "HeifBuffer"];

let opened: Promise<typeof Sharp> | undefined;

/** sharp, with only the wanted loaders. @throws AppError `unsupported` where it is not installed. */
function openSharp(): Promise<typeof Sharp> {
  opened ??= import("sharp").then(
    ({ default: sharp }) => {
      sharp.block({ operation: ["VipsForeignLoad"] });
      sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });
      sharp.cache(false);
      sharp.concurrency(1);
      return sharp;
    },
    (cause) => {
      throw new AppError(
        "unsupported",
        'pictures are decoded by sharp, which is not installed; run "bun install"',
        {
          cause,
        },
      );
    },
  );
  return opened;
}

/**
 * A picture as plain pixels: turned as its EXIF says, transparent parts white, the first frame of several.
 *
 * @param mostPixels a picture that claims more is refused before it is decoded.
 * @throws AppError `bad_request` with libvips' reason for a file that is no complete picture.
 */
export async function decodePicture(
  bytes: Uint8Array,
  mostPixels: number,
): Promise<{ width: number; height: number; rgb: Uint8Array }> {
  const sharp = await openSharp();
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: mostPixels })
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels === 3) return { width: info.width, height: info.height, rgb: data };
    throw new Error(`it has ${info.channels} colour channels`);
  } catch (error) {
    throw badRequest(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  if (/pixel limit/i.test(message)) return "the picture has more pixels than are allowed";
  // libvips reports every attempt on a line of its own; the first line is the cause.
  return `the picture could not be decoded: ${message.split("\n")[0]}`;
}
