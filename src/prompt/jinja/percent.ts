import type { Arguments } from "./arguments.ts";
import { padded } from "./python-text.ts";
import { textOf } from "./values.ts";

const PERCENT = /%(?:\((\w+)\))?(-?)(0?)(\d*)(?:\.(\d+))?([sdifrx%])/g;

function formatted(value: unknown, kind: string, precision: string | undefined): string {
  if (kind === "f") return Number(value).toFixed(Math.min(100, Number(precision ?? 6)));
  if (kind === "x") return Math.trunc(Number(value)).toString(16);
  return kind === "s" || kind === "r" ? String(value) : String(Math.trunc(Number(value)));
}

/** Python's `%` with the directives that templates use. @throws Error when an argument is missing. */
export function formatPercent(text: string, args: Arguments): string {
  let at = 0;
  return text.replace(PERCENT, (_, name, left, zero, width, precision, kind: string) => {
    if (kind === "%") return "%";
    const value = name === undefined ? args.positional[at++] : args.named.get(name);
    if (value === undefined) throw new Error("format() has more places than arguments");
    const plain = kind === "s" || kind === "r" ? textOf(value) : value.value;
    return padded(
      formatted(plain, kind, precision),
      Number(width),
      zero === "" || left !== "" ? " " : "0",
      left === "",
    );
  });
}
