import { charactersOf } from "./code-points.ts";
import { charSet, choice, type Expr, literal, optional, sequence } from "./gbnf.ts";
import { stringOf } from "./json-text.ts";
import { MAX_EXPONENT_DIGITS, MAX_FRACTION_DIGITS, MAX_INTEGER_DIGITS, MAX_NUMBER_DIGITS } from "./limits.ts";
import { listExpr } from "./lists.ts";
import type { RuleBook } from "./rule-book.ts";
import { whitespace } from "./whitespace.ts";

const DIGITS = charactersOf("0123456789");
const NON_ZERO = charactersOf("123456789");

export const anyString = (book: RuleBook): Expr =>
  book.shared("string", "string", () => stringOf(book, 0, Number.POSITIVE_INFINITY));

export const anyBoolean = (book: RuleBook): Expr =>
  book.shared("boolean", "boolean", () => choice([literal("true"), literal("false")]));

export const nullValue: Expr = literal("null");

/** Any integer of at most 18 digits, without exponent, fraction or `-0`. */
export const anyInteger = (book: RuleBook): Expr =>
  book.shared("integer", "integer", () =>
    choice([
      literal("0"),
      sequence(
        optional(literal("-")),
        charSet(NON_ZERO),
        book.repeat(charSet(DIGITS), 0, MAX_INTEGER_DIGITS - 1),
      ),
    ]),
  );

/** Any number that JavaScript prints, but for exponents of three digits. */
export const anyNumber = (book: RuleBook): Expr =>
  book.shared("number", "number", () => {
    const integral = choice([
      literal("0"),
      sequence(charSet(NON_ZERO), book.repeat(charSet(DIGITS), 0, MAX_NUMBER_DIGITS - 1)),
    ]);
    const fraction = sequence(literal("."), book.repeat(charSet(DIGITS), 1, MAX_FRACTION_DIGITS));
    const exponent = sequence(
      charSet(charactersOf("eE")),
      optional(charSet(charactersOf("+-"))),
      book.repeat(charSet(DIGITS), 1, MAX_EXPONENT_DIGITS),
    );
    return sequence(optional(literal("-")), integral, optional(fraction), optional(exponent));
  });

/** `"key": value`, where `key` is an expression for the quoted key. */
export const member = (book: RuleBook, key: Expr, value: Expr): Expr =>
  sequence(key, literal(":"), whitespace(book), value);

/** How many members or items an object or a list has of which nothing is known. */
const ANY_NUMBER = { min: 0, max: Number.POSITIVE_INFINITY };

export const anyObject = (book: RuleBook): Expr =>
  book.shared("object", "object", () => {
    const entry = book.add("member", member(book, anyString(book), anyValue(book)));
    return listExpr(book, entry, { open: "{", close: "}", ...ANY_NUMBER });
  });

export const anyArray = (book: RuleBook): Expr =>
  book.shared("array", "array", () =>
    listExpr(book, anyValue(book), { open: "[", close: "]", ...ANY_NUMBER }),
  );

export const anyValue = (book: RuleBook): Expr =>
  book.shared("value", "value", () =>
    choice([anyObject(book), anyArray(book), anyString(book), anyNumber(book), anyBoolean(book), nullValue]),
  );
