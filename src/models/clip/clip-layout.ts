import type { GgufValue } from "../gguf/value.ts";
import type { HeaderView } from "../layouts/view.ts";
import type { ClipTensors } from "./tensors.ts";

/** How the encoder of pictures in a model's file is rewritten as a projector's file, as libmtmd reads it. */
export interface ClipLayout {
  /** `general.architecture` of the models. */
  readonly architectures: readonly string[];
  /** libmtmd's name of the projector. */
  readonly projector: string;
  /** The keys under which the projector's name stands. Default `clip.projector_type`. */
  readonly projectorKeys?: readonly string[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Undefined: libmtmd's own choice. */
  readonly activation?: "gelu" | "silu";
  /** Keys of `clip.vision.` besides the common ones, which it may replace; undefined values are left out. */
  keys?(view: HeaderView): Record<string, GgufValue | undefined>;
  /** Renames and rewrites the tensors. */
  edit(tensors: ClipTensors, view: HeaderView): void;
  /** For a model that hears as well. */
  readonly audio?: ClipAudio;
}

interface ClipAudio {
  readonly projector: string;
  /** Keys of `clip.audio.`. */
  keys(view: HeaderView): Record<string, GgufValue | undefined>;
  edit(tensors: ClipTensors): void;
}
