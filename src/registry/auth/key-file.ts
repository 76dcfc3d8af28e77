import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../lib/error-code.ts";
import { AppError } from "../../lib/errors.ts";
import { readBoundedFile } from "../../lib/read-bounded-file.ts";
import { createSshKey, parseSshKey, type SshKey } from "./ssh-key.ts";

/** A key file has some 400 bytes. */
const MAX_KEY_BYTES = 64 * 1024;

/**
 * The key by which registries know this installation: `id_ed25519` in `directory`, made when there is none
 * (docs/behaviour: registry-and-store §8).
 *
 * @throws AppError when there is a file that is no such key: it is not replaced.
 */
export async function loadKey(directory: string): Promise<SshKey> {
  const path = join(directory, "id_ed25519");
  try {
    return readKey(readBoundedFile(path, MAX_KEY_BYTES).toString("utf8"));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  const key = createSshKey();
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(path, key.pem, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return readKey(readBoundedFile(path, MAX_KEY_BYTES).toString("utf8"));
  }
  await writeFile(`${path}.pub`, `ssh-ed25519 ${key.publicKey}\n`, { mode: 0o644 });
  return key;
}

function readKey(pem: string): SshKey {
  const key = parseSshKey(pem);
  if (key === undefined)
    throw new AppError("internal", "id_ed25519 is no unencrypted ed25519 key of OpenSSH");
  return key;
}
