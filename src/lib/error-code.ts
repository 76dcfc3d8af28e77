/** The code of a system error such as `ENOSPC`; "" for anything else. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
