import { fakeApp } from "./fake-app.ts";

/** The fake application's time as replies have it. */
export const created_at = "2026-01-02T03:04:05.25Z";

/** The tokens of a text: the fake engine has one for each character. */
export const codes = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);

/** POST /api/generate to the model `test`, unless `body` says otherwise. */
export const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/api/generate", { model: "test", ...body });
