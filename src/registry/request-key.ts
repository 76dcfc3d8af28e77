import { fullName } from "../models/name.ts";
import type { ModelPull } from "./puller.ts";

/** What requests share work by. Who may not see what another may does not join him: credentials are part of it. */
export function requestKey({ name, insecure, credentials }: ModelPull): string {
  const { username = "", password = "" } = credentials ?? {};
  return JSON.stringify([fullName(name).toLowerCase(), insecure, username, password]);
}
