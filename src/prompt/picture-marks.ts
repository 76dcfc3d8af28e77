import type { CompletionInput } from "../intent/generate.ts";
import type { Message } from "../intent/message.ts";

/** A client's placeholder for a picture: Ollama's `[img]` for the next one, or one with the number of a picture of the same message. */
const PLACEHOLDER = /\[img(?:-(\d+))?\]/g;

type Pictured = Pick<Message, "content" | "imagePlaces"> & { images: readonly string[] };

/**
 * Marks for the pictures of a request, which templates carry through as any other text. A mark has a random number in it, so nobody can
 * write one: a user's text stays text, whatever it looks like.
 */
export class PictureMarks {
  readonly #prefix: string;
  readonly #pattern: RegExp;

  /** @param nonce letters and digits that nobody can guess. */
  constructor(nonce: string) {
    this.#prefix = `[img-${nonce}-`;
    this.#pattern = new RegExp(`\\[img-${nonce}-(\\d+)\\]`, "g");
  }

  /**
   * Messages with a mark for each picture, numbered over all messages. A mark goes where the message's `imagePlaces` say, else in place of
   * a placeholder, else in front of the text (docs/behaviour: modelfile §2.4).
   *
   * @param gap a space goes between pictures in front and the text, as the renderers of published models have it.
   */
  inMessages(messages: readonly Message[], gap = false): Message[] {
    let first = 0;
    return messages.map((message) => {
      const { images = [], imagePlaces: _, ...rest } = message;
      if (images.length === 0) return message;
      const content = this.#marked({ ...message, images }, first, gap);
      // The files themselves are no business of templates, and heavy.
      const marks = images.map((_, index) => this.#mark(first + index));
      first += images.length;
      return { ...rest, images: marks, content };
    });
  }

  /** A prompt with a mark for each picture, as {@link inMessages}. */
  inPrompt(input: CompletionInput): CompletionInput {
    if (input.images.length === 0) return input;
    const { prompt, images } = input;
    const marked = this.#marked({ content: prompt, images }, 0, false);
    return { ...input, prompt: marked, images: images.map((_, index) => this.#mark(index)) };
  }

  /** A rendered prompt in pieces: texts, and the numbers of pictures. Without pictures it is one text. */
  split(text: string): (string | number)[] {
    const parts: (string | number)[] = [];
    let from = 0;
    for (const match of text.matchAll(this.#pattern)) {
      if (match.index > from) parts.push(text.slice(from, match.index));
      parts.push(Number(match[1]));
      from = match.index + match[0].length;
    }
    if (from < text.length || parts.length === 0) parts.push(text.slice(from));
    return parts;
  }

  /** A rendered prompt as people may see it: the pictures that are left are numbered from 0, as Ollama numbers them. */
  shown(text: string): string {
    let number = 0;
    return text.replace(this.#pattern, () => `[img-${number++}]`);
  }

  #mark(number: number): string {
    return `${this.#prefix}${number}]`;
  }

  #marked({ content, images, imagePlaces }: Pictured, first: number, gap: boolean): string {
    if (imagePlaces !== undefined) return this.#atPlaces(content, imagePlaces, first);
    const left = images.map((_, index) => first + index);
    const take = (number: number | undefined): string | undefined => {
      const at = number === undefined ? 0 : left.indexOf(number);
      const [taken] = at === -1 ? [] : left.splice(at, 1);
      return taken === undefined ? undefined : this.#mark(taken);
    };
    const filled = content.replace(PLACEHOLDER, (whole, number: string | undefined) => {
      return take(number === undefined ? undefined : Number(number)) ?? whole;
    });
    const space = gap && left.length > 0 && /^\S/.test(filled) ? " " : "";
    return left.map((number) => this.#mark(number)).join("") + space + filled;
  }

  #atPlaces(content: string, places: readonly number[], first: number): string {
    const cuts = [0, ...places, content.length];
    return cuts
      .slice(1)
      .map(
        (end, index) =>
          content.slice(cuts[index], end) + (index < places.length ? this.#mark(first + index) : ""),
      )
      .join("");
  }
}
