import { createHash } from "node:crypto";
import type { Config } from "../config/config.ts";
import type { Picture, Requester } from "../engine/port.ts";
import { saltOf } from "../engine/salt.ts";
import type { GenerateIntent } from "../intent/generate.ts";
import { defined } from "../lib/defined.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { isSound, mediaKind } from "../lib/media-kind.ts";

/** Limits on the pictures and sounds of requests, and how one is fetched. */
export interface PictureRules {
  /** Most pictures and sounds of a request. */
  most: number;
  /** Most bytes of one. */
  mostBytes: number;
  /** Most pixels of a picture. */
  mostPixels: number;
  /** Fetches one by its URL. Undefined: the server fetches none. @throws AppError. */
  fetch?: (url: string, signal: AbortSignal) => Promise<Uint8Array>;
}

const MEGA = 1_000_000;

/** The rules of a configuration. @param fetch used where the configuration lists hosts. */
export const pictureRules = (
  config: Pick<Config, "maxImages" | "maxImageMegabytes" | "maxImageMegapixels" | "imageHosts">,
  fetch?: PictureRules["fetch"],
): PictureRules => ({
  most: config.maxImages,
  mostBytes: config.maxImageMegabytes * MEGA,
  mostPixels: config.maxImageMegapixels * MEGA,
  ...defined({ fetch: config.imageHosts.length > 0 ? fetch : undefined }),
});

/** Base64 digits that hold enough of a file to tell what it is. */
const HEAD_DIGITS = 96;

const URL_START = /^https?:\/\//i;

/** Is it a picture's URL, and not the picture? */
const isPictureUrl = (image: string): boolean => URL_START.test(image);

/** All pictures and sounds of a request, as the client sent them. */
export const imagesOf = ({ input }: Pick<GenerateIntent, "input">): string[] =>
  input.type === "completion" ? input.images : input.messages.flatMap(({ images = [] }) => images);

/** Which senses a request needs of the model. */
export function sensesFor(images: readonly string[]): ("vision" | "audio")[] {
  return [...new Set(images.map((image) => (isAudio(image) ? "audio" : "vision")))];
}

/** Formats of sound that are recognised and refused. */
const REFUSED_SOUNDS = ["MP3", "Ogg", "FLAC"];

function isAudio(image: string): boolean {
  if (isPictureUrl(image)) return false;
  const kind = mediaKind(headOf(image));
  return "taken" in kind ? isSound(kind.taken) : REFUSED_SOUNDS.includes(kind.refused ?? "");
}

const headOf = (base64: string): Uint8Array => Buffer.from(base64.slice(0, HEAD_DIGITS), "base64");

/** @throws PictureUrlRefused where images are given by URL and the server fetches none. */
export function checkUrls(images: readonly string[], { fetch }: PictureRules): void {
  if (fetch === undefined && images.some(isPictureUrl)) throw new PictureUrlRefused();
}

/**
 * Refuses what cannot be shown to any model, before one is loaded for it.
 *
 * @throws AppError `bad_request` with the reason.
 */
export function checkPictures(images: readonly string[], { most, mostBytes }: PictureRules): void {
  if (images.length > most) {
    throw badRequest(`a request may have ${most} images, and this one has ${images.length}`);
  }
  for (const image of images) {
    if (!isPictureUrl(image)) checkFile(headOf(image), Math.floor((image.length * 3) / 4), mostBytes);
  }
}

/** The server fetches no images. Dialects have words of their own for that. */
export class PictureUrlRefused extends AppError {
  constructor() {
    super("bad_request", "image URLs are not currently supported, please use base64 encoded data instead");
  }
}

const SUPPORTED = "send PNG, JPEG, WebP, GIF or AVIF, or WAV";

function checkFile(head: Uint8Array, bytes: number, mostBytes: number): void {
  if (head.length === 0) throw badRequest("an image is empty");
  // The digits of base64 tell the size to within two bytes.
  if (bytes > mostBytes + 2) {
    throw badRequest(`an image has ${bytes} bytes, and at most ${mostBytes} are allowed`);
  }
  const kind = mediaKind(head);
  if ("taken" in kind) return;
  throw badRequest(
    kind.refused === undefined
      ? `an image is of no kind that is known: ${SUPPORTED}`
      : `${kind.refused} is not supported: ${SUPPORTED}`,
  );
}

/**
 * The file of an image. Its name depends on its bytes and its caller, so that an image that was encoded for one caller is not faster for
 * another.
 *
 * @throws AppError for a URL that cannot be fetched, or is no image.
 */
export async function openPicture(
  image: string,
  rules: PictureRules,
  { signal, caller }: Pick<Requester, "signal" | "caller">,
): Promise<Picture> {
  const bytes = isPictureUrl(image) ? await fetched(image, rules, signal) : Buffer.from(image, "base64");
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const hash = Buffer.from(digest).toString("hex");
  const salt = saltOf(caller);
  const name = salt === "" ? hash : createHash("sha256").update(`${salt} ${hash}`).digest("hex");
  return { hash: name, bytes, mostPixels: rules.mostPixels };
}

async function fetched(url: string, { fetch, mostBytes }: PictureRules, signal: AbortSignal) {
  if (fetch === undefined) throw new AppError("internal", "an image's URL was not refused");
  const bytes = await fetch(url, signal);
  checkFile(bytes, bytes.length, mostBytes);
  return new Uint8Array(bytes);
}
