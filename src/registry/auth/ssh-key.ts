import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

const TYPE = "ssh-ed25519";
const MAGIC = "openssh-key-v1\0";
const HEADER = "-----BEGIN OPENSSH PRIVATE KEY-----";
const FOOTER = "-----END OPENSSH PRIVATE KEY-----";
const LINE = 70;
const BLOCK = 8;

/** An ed25519 key as OpenSSH has it. */
export interface SshKey {
  /** Base64 of the public key in SSH's wire format: the second word of a line in `authorized_keys`. */
  publicKey: string;
  /** The private key's file. */
  pem: string;
  /** Base64 of the signature. */
  sign(text: string): string;
}

export function createSshKey(): SshKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  return keyOf(Buffer.from(d, "base64url"), Buffer.from(x, "base64url"));
}

/** Reads an unencrypted OpenSSH private key. Undefined when it is not one of ed25519. */
export function parseSshKey(pem: string): SshKey | undefined {
  const base64 = pem.split(HEADER)[1]?.split(FOOTER)[0];
  if (base64 === undefined) return undefined;
  const file = Buffer.from(base64, "base64");
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  try {
    const outer = new Reader(file.subarray(MAGIC.length));
    const [cipher, kdf] = [outer.text(), outer.text()];
    outer.bytes();
    if (cipher !== "none" || kdf !== "none" || outer.uint32() !== 1) return undefined;
    outer.bytes();
    const inner = new Reader(outer.bytes());
    inner.uint32();
    inner.uint32();
    if (inner.text() !== TYPE) return undefined;
    inner.bytes();
    const pair = inner.bytes();
    return pair.length === 64 ? keyOf(pair.subarray(0, 32), pair.subarray(32)) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function keyOf(seed: Buffer, publicKey: Buffer): SshKey {
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: seed.toString("base64url"),
    x: publicKey.toString("base64url"),
  };
  const key: KeyObject = createPrivateKey({ key: jwk, format: "jwk" });
  const wire = Buffer.concat([field(TYPE), field(publicKey)]);
  return {
    publicKey: wire.toString("base64"),
    pem: printPem(seed, publicKey, wire),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}

function printPem(seed: Buffer, publicKey: Buffer, wire: Buffer): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    field(TYPE),
    field(publicKey),
    field(Buffer.concat([seed, publicKey])),
    field(""),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (BLOCK - (secret.length % BLOCK)) % BLOCK }, (_, at) => at + 1),
  );
  const file = Buffer.concat([
    Buffer.from(MAGIC, "latin1"),
    field("none"),
    field("none"),
    field(""),
    uint32(1),
    field(wire),
    field(Buffer.concat([secret, padding])),
  ]).toString("base64");
  const lines = file.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return `${[HEADER, ...lines, FOOTER].join("\n")}\n`;
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A string of SSH's wire format: its length, then its bytes. */
const field = (content: string | Buffer): Buffer =>
  Buffer.concat([uint32(Buffer.byteLength(content)), Buffer.from(content as string)]);

/** @throws RangeError past the end. */
class Reader {
  readonly #source: Buffer;
  #at = 0;

  constructor(source: Buffer) {
    this.#source = source;
  }

  uint32(): number {
    const value = this.#source.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  bytes(): Buffer {
    const length = this.uint32();
    if (this.#at + length > this.#source.length) throw new RangeError("a field is longer than the key");
    this.#at += length;
    return this.#source.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.bytes().toString("latin1");
  }
}
