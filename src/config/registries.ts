import { BadValue } from "./bad-value.ts";

const ENTRY = /^(\*|(\*\.)?[A-Za-z0-9_][A-Za-z0-9_.-]*(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?)$/;

/** A list of registries' hosts, separated by commas; see {@link Config.allowedRegistries}. */
export function parseRegistries(text: string): string[] {
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (!entries.every((entry) => ENTRY.test(entry))) {
    throw new BadValue(
      "hosts such as registry.example or localhost:5000, *.example or *, separated by commas",
    );
  }
  return entries;
}
