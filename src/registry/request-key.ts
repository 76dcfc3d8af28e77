import { fullName } from "../models/name.ts";
import type { ModelPull } from "./puller.ts";

/** Requests with the same key share one transfer. Credentials are part of it, since callers with other ones may not see the same models. */
export function requestKey({ name, insecure, credentials }: ModelPull): string {
  const { username = "", password = "" } = credentials ?? {};
  return JSON.stringify([fullName(name).toLowerCase(), insecure, username, password]);
}
