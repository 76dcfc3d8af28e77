/** Kinds of files that models may see or hear. */
export type MediaKind = "png" | "jpeg" | "webp" | "gif" | "avif" | "wav";

/** Kinds that are recognised and refused, by their usual names. */
const REFUSED: readonly (readonly [name: string, test: (head: string) => boolean])[] = [
  ["HEIC", (head) => /^....ftyp(heic|heix|hevc|hevx|heim|heis|mif1|msf1)/s.test(head)],
  ["TIFF", (head) => head.startsWith("II*\0") || head.startsWith("MM\0*")],
  ["BMP", (head) => head.startsWith("BM")],
  ["SVG", (head) => /^(\xef\xbb\xbf)?\s*<(\?xml|svg|!DOCTYPE svg|!--)/.test(head)],
  ["PDF", (head) => head.startsWith("%PDF-")],
  ["JPEG XL", (head) => head.startsWith("\xff\x0a") || head.startsWith("\0\0\0\x0cJXL ")],
  ["MP3", (head) => head.startsWith("ID3") || /^\xff[\xe2-\xfb]/.test(head)],
  ["MP4", (head) => /^....ftyp/s.test(head)],
  ["Ogg", (head) => head.startsWith("OggS")],
  ["FLAC", (head) => head.startsWith("fLaC")],
];

const TAKEN: readonly (readonly [kind: MediaKind, test: (head: string) => boolean])[] = [
  ["png", (head) => head.startsWith("\x89PNG\r\n\x1a\n")],
  ["jpeg", (head) => head.startsWith("\xff\xd8\xff")],
  ["webp", (head) => /^RIFF....WEBP/s.test(head)],
  ["gif", (head) => /^GIF8[79]a/.test(head)],
  ["avif", (head) => /^....ftyp(avif|avis)/s.test(head)],
  ["wav", (head) => /^RIFF....WAVE/s.test(head)],
];

const HEAD_BYTES = 64;

/** The kind of a file by its first bytes: one that is taken, or the name of one that is refused; undefined for an unknown kind. */
export function mediaKind(bytes: Uint8Array): { taken: MediaKind } | { refused: string | undefined } {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  const taken = TAKEN.find(([, test]) => test(head));
  if (taken !== undefined) return { taken: taken[0] };
  return { refused: REFUSED.find(([, test]) => test(head))?.[0] };
}

/** Is this kind sound? */
export const isSound = (kind: MediaKind): boolean => kind === "wav";
