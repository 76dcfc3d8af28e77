import { BadValue } from "./bad-value.ts";

const ENTRY = /^(\*|(\*\.)?[a-z0-9_][a-z0-9_.-]*)$/;

/** A list of names for Host headers, separated by commas, in lower case; see {@link Config.allowedHosts}. */
export function parseHostNames(text: string): string[] {
  const entries = text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  if (!entries.every((entry) => ENTRY.test(entry))) {
    throw new BadValue("names without a port, such as llm.example, *.example or *, separated by commas");
  }
  return entries;
}
