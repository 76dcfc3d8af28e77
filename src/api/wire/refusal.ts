import type { TSchema } from "@sinclair/typebox";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import { AppError, badRequest } from "../../lib/errors.ts";
import { goSentence } from "./go-sentence.ts";
import { meantMember } from "./schema-members.ts";

const REFUSAL = Symbol("refusal");

/** Where a value stands in a request: names of fields and positions in lists, e.g. `["messages", "0", "content"]`. */
export type Path = readonly string[];

/** What a request with such a value is told. Undefined: what Go would say. */
export type Refusal = (value: unknown, path: Path) => string | AppError | undefined;

/** Gives a schema its own words for values that it refuses; for `undefined` where a value is missing. */
export const refusing = <T extends TSchema>(schema: T, refusal: Refusal): T => ({
  ...schema,
  [REFUSAL]: refusal,
});

/** A value of a request that its schema does not allow. */
export class RefusedValue extends AppError {
  readonly path: Path;

  constructor(path: Path, message: string) {
    super("bad_request", message);
    this.path = path;
  }
}

/** `messages.0.content`. */
export const dotted = (path: Path): string => path.join(".");

/** `messages[0].content`. */
export const indexed = (path: Path): string =>
  path.map((name, at) => (/^\d+$/.test(name) ? `[${name}]` : at === 0 ? name : `.${name}`)).join("");

const pathOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** An error and, where it is one of alternatives, what is wrong with the one that was meant; and so on inwards. */
function* inwards(error: ValueError): Generator<ValueError> {
  yield error;
  if (error.type !== ValueErrorType.Union) return;
  const meant = meantMember(error.schema as Parameters<typeof meantMember>[0], error.value);
  const inner = meant && Value.Errors(meant, error.value).First();
  if (inner !== undefined) yield* inwards({ ...inner, path: `${error.path}${inner.path}` });
}

/** What is told about one error, in its schema's own words. */
function ownWords({ schema, value, path }: ValueError): AppError | undefined {
  const refusal: Refusal | undefined = Reflect.get(schema, REFUSAL);
  const words = refusal?.(value, pathOf(path));
  return typeof words === "string" ? new RefusedValue(pathOf(path), words) : words;
}

/**
 * The refusal of a request by its first validation error: in the words of the innermost schema that has some, otherwise in Go's
 * (spec: api-native §1.2).
 *
 * @param root schema of the whole request; its title is the Go name of its type.
 */
export function refusalOf(error: ValueError, root: TSchema): AppError {
  const errors = [...inwards(error)];
  const words = errors.toReversed().map(ownWords);
  const own = words.find((each) => each !== undefined);
  if (own !== undefined) return own;
  const last = errors.at(-1)!;
  return badRequest(goSentence(root, last.schema, last.value, pathOf(last.path)));
}
