import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ShowReply } from "../../client/index.ts";
import { isSound, mediaKind } from "../../lib/media-kind.ts";
import { expandPath } from "../create/local-path.ts";

/** A prompt, and the files that it names. */
export interface Attached {
  /** Without their paths. */
  prompt: string;
  /** Base64. */
  images: string[];
  /** Lines for the user, e.g. `Added image './a.png'`. */
  notes: string[];
}

const EXTENSIONS = "jpe?g|png|webp|gif|avif|heic|heif|tiff?|bmp|wav|mp3";

/**
 * A path as it is typed, or dragged onto a terminal: quoted, or with blanks and brackets escaped. Without `./`, `/`, `~/` or a drive in
 * front it is only taken for one when there is such a file.
 */
const PATH = new RegExp(
  `'([^'\\n]+\\.(?:${EXTENSIONS}))'|"([^"\\n]+\\.(?:${EXTENSIONS}))"|((?:[A-Za-z]:)?(?:\\\\.|[^\\s\\\\'"])+\\.(?:${EXTENSIONS}))(?![\\w./])`,
  "gi",
);

const EXPLICIT = /^([A-Za-z]:)?(\.{0,2}\/|~\/|\\)/;

const MOST_BYTES = 100 * 1024 * 1024;

interface Mention {
  /** As it stands in the prompt. */
  text: string;
  path: string;
}

function mentionsIn(prompt: string): Mention[] {
  return [...prompt.matchAll(PATH)].map(([text, single, double, bare = ""]) => ({
    text,
    path: single ?? double ?? bare.replace(/\\(.)/g, "$1"),
  }));
}

/** Does a line of a conversation begin with the path of a file to see or hear, and not with a command? */
export const beginsWithMedia = (line: string): boolean => line.trimStart().search(PATH) === 0;

/**
 * Takes the files that a prompt names out of it (docs/behaviour: cli §5.4). A path is never left for the model to read, which would make up an
 * answer: one that leads nowhere is an error, and so is a file for a model that cannot take it in.
 *
 * @throws Error in the user's words.
 */
export async function attachMedia(prompt: string, model: string, report: ShowReply): Promise<Attached> {
  const attached: Attached = { prompt, images: [], notes: [] };
  const can = (sense: string): boolean => report.capabilities?.includes(sense) === true;
  const senses = can("vision") || can("audio");
  for (const { text, path } of mentionsIn(prompt)) {
    const found = await fileAt(path);
    if (found === undefined && EXPLICIT.test(path) && senses) {
      throw new Error(`couldn't find '${path}': a path of a picture is not read as text`);
    }
    if (found === undefined) continue;
    const bytes = await Bun.file(found).bytes();
    const kind = mediaKind(bytes);
    const sound = "taken" in kind && isSound(kind.taken);
    if (!can(sound ? "audio" : "vision")) throw new Error(unable(model, path, sound, report));
    if (!("taken" in kind))
      throw new Error(`Couldn't process file: "invalid file type: ${kind.refused ?? "unknown"}"`);
    attached.prompt = attached.prompt.replace(text, () => "");
    attached.images.push(Buffer.from(bytes).toString("base64"));
    attached.notes.push(`Added ${sound ? "audio" : "image"} '${path}'`);
  }
  if (attached.images.length > 0) attached.prompt = attached.prompt.trim();
  return attached;
}

function unable(model: string, path: string, sound: boolean, { projector_info }: ShowReply): string {
  const what = sound ? "hear" : "see";
  const why =
    projector_info === undefined
      ? `the model '${model}' does not ${what}`
      : `the server cannot ${what} yet; on its machine run: llamero engine add vision`;
  return `'${path}' is ${sound ? "a sound" : "an image"}, and ${why}`;
}

/** The file that a path leads to. @throws Error when it is too large. */
async function fileAt(path: string): Promise<string | undefined> {
  const whole = /^~\//.test(path) ? expandPath(path, process.cwd()) : resolve(path);
  const found = await stat(whole).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  if (found.size > MOST_BYTES)
    throw new Error('Couldn\'t process file: "file size exceeds maximum limit (100MB)"');
  return whole;
}
