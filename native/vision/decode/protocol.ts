/** The messages between a runner and the process that decodes for it, over Bun's IPC. */
export type ToDecoder =
  | { type: "picture"; id: number; bytes: Uint8Array; mostPixels: number }
  /** `rate`: samples a second that are wanted. */
  | { type: "sound"; id: number; bytes: Uint8Array; rate: number };

export interface DecodedPicture {
  type: "picture";
  id: number;
  width: number;
  height: number;
  /** Three bytes a pixel. */
  rgb: Uint8Array;
}

export interface DecodedSound {
  type: "sound";
  id: number;
  /** -1 to 1. */
  samples: Float32Array;
}

/** The file is at fault, or sharp is not installed (`unsupported`). */
interface NotDecoded {
  type: "failed";
  id: number;
  kind: "bad_request" | "unsupported";
  message: string;
}

export type FromDecoder = DecodedPicture | DecodedSound | NotDecoded;
