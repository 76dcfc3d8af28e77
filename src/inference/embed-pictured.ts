import { cellsIn, isMedia, type PromptPiece } from "../engine/pieces.ts";
import type { Lease, Requester } from "../engine/port.ts";
import { type EmbedInput, isPictured, type PicturedInput } from "../intent/embed.ts";
import { badRequest } from "../lib/errors.ts";
import type { PictureRules } from "./pictures.ts";
import { Album, PromptTokenizer } from "./prompt-tokenizer.ts";

/** An input as the engine embeds it. */
export interface PreparedPieces {
  pieces: PromptPiece[];
  /** The end of its text is missing. */
  cut: boolean;
}

/** All images of a request's inputs. */
export const imagesIn = (inputs: readonly EmbedInput[]): string[] =>
  inputs.filter(isPictured).flatMap(({ images }) => images);

/** Leaves out tokens of the last text, in front of `end`. @throws AppError `bad_request` where that is not enough: no image is cut. */
function cutPieces(pieces: PromptPiece[], excess: number, end: number[]): PromptPiece[] {
  const last = pieces.at(-1);
  const kept = last === undefined || isMedia(last) ? -1 : last.length - end.length - excess;
  if (last === undefined || isMedia(last) || kept < 0) {
    throw badRequest("the input length exceeds the context length, and an image cannot be cut");
  }
  return [...pieces.slice(0, -1), [...last.slice(0, kept), ...end]];
}

/**
 * Tokenises a text with its images. They go to the input's `imagePlaces`, else where `[img]` is in the text, else in front of it.
 *
 * @param limit most tokens, those of images among them.
 * @param truncate may its text be cut?
 * @throws AppError `bad_request` for an image that cannot be seen, or what does not fit.
 */
export async function preparePictured(
  { content, images, imagePlaces }: PicturedInput,
  {
    limit,
    truncate,
    lease,
    rules,
    requester,
  }: {
    limit: number;
    truncate: boolean;
    lease: Lease;
    rules: PictureRules;
    requester: Requester;
  },
): Promise<PreparedPieces> {
  const album = new Album(images, rules, requester);
  const message = { role: "user", content, images, ...(imagePlaces && { imagePlaces }) };
  const [marked = message] = album.marks.inMessages([message]);
  const tokenizer = new PromptTokenizer(lease, [], album, limit);
  const end = await endOf(lease);
  const pieces = withEnd(await tokenizer.pieces(marked.content), end);
  const excess = cellsIn(pieces) - limit;
  if (excess <= 0) return { pieces, cut: false };
  if (!truncate) throw badRequest("the input length exceeds the context length");
  return { pieces: cutPieces(pieces, excess, end), cut: true };
}

/** The token that the model wants behind every input. */
async function endOf(lease: Lease): Promise<number[]> {
  if (!lease.info.addsEos) return [];
  return (await lease.tokenize("", { addSpecial: true, parseSpecial: false })).slice(-1);
}

function withEnd(pieces: PromptPiece[], end: number[]): PromptPiece[] {
  const last = pieces.at(-1);
  if (end.length === 0) return pieces;
  if (last === undefined || isMedia(last)) return [...pieces, end];
  return [...pieces.slice(0, -1), [...last, ...end]];
}
