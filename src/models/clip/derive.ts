import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { badRequest } from "../../lib/errors.ts";
import { ggmlTypeNamed } from "../gguf/ggml-types.ts";
import { readGgufHeader } from "../gguf/header.ts";
import { describeTensor } from "../gguf/tensor.ts";
import { bool, float32s, type GgufValue, ggufString } from "../gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../gguf/write.ts";
import { architectureOf, type HeaderView, headerView, numberIn } from "../layouts/view.ts";
import type { ClipLayout } from "./clip-layout.ts";
import { f32, u32, vision } from "./keys.ts";
import { clipLayoutOf } from "./table.ts";
import { ClipTensors, type ReadExtent } from "./tensors.ts";

/** Tensors of encoders and projectors. */
const ENCODERS = /^(v|mm|s)\./;
const HEARING = /^(a|mm\.a)\./;

/**
 * Writes the encoder in a model's file as a projector of its own, which takes the target's place when it is whole.
 *
 * @throws AppError `bad_request` when the file has no encoder that we know.
 */
export async function deriveProjector(source: string, target: string, signal: AbortSignal): Promise<void> {
  const header = await readGgufHeader(source);
  const layout = clipLayoutOf(architectureOf(header));
  if (layout === undefined) throw badRequest("the model's file has no encoder of pictures that is known");
  const view = headerView(header);
  const tensors = tensorsOf(layout, view);
  await mkdir(dirname(target), { recursive: true });
  const scratch = `${target}.${process.pid}`;
  const file = await open(source);
  const read: ReadExtent = async (offset, length) => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw badRequest("the model's file ends before its tensors do");
      done += bytesRead;
    }
    return bytes;
  };
  try {
    await writeGguf(
      scratch,
      metadataOf(layout, view, hears(tensors, layout, view)),
      sources(tensors, read),
      signal,
    );
    await rename(scratch, target);
  } finally {
    await file.close();
    await rm(scratch, { force: true });
  }
}

function tensorsOf(layout: ClipLayout, view: HeaderView): ClipTensors {
  const audible = layout.audio !== undefined && numberIn(view, "audio.block_count") !== undefined;
  const wanted = [...view.tensors.values()].filter(({ name }) =>
    HEARING.test(name) ? audible : ENCODERS.test(name),
  );
  const tensors = new ClipTensors(wanted);
  layout.edit(tensors, view);
  if (audible) layout.audio?.edit(tensors);
  return tensors;
}

const hears = (tensors: ClipTensors, { audio }: ClipLayout, view: HeaderView): boolean =>
  audio !== undefined &&
  numberIn(view, "audio.block_count") !== undefined &&
  [...tensors].some(([name]) => name.startsWith("a."));

/** Keys that every model has, which have the same name on both sides. */
const COMMON = [
  "block_count",
  "embedding_length",
  "feed_forward_length",
  "attention.head_count",
  "image_size",
  "patch_size",
];

function metadataOf(layout: ClipLayout, view: HeaderView, audible: boolean): Map<string, GgufValue> {
  const common: Record<string, GgufValue | undefined> = {
    ...Object.fromEntries(COMMON.map((key) => [key, vision(view, key)])),
    "attention.layer_norm_epsilon": f32(numberIn(view, "vision.attention.layer_norm_epsilon")),
    projection_dim: u32(numberIn(view, "embedding_length")),
    image_mean: float32s(layout.mean),
    image_std: float32s(layout.deviation),
  };
  const own = Object.entries(layout.keys?.(view) ?? {}).filter(([, value]) => value !== undefined);
  const { projectorKeys = ["clip.projector_type"], activation, audio } = layout;
  const entries: (readonly [string, GgufValue | undefined])[] = [
    ["general.architecture", ggufString("clip")],
    ["general.type", ggufString("mmproj")],
    ["clip.has_vision_encoder", bool(true)],
    ["clip.has_audio_encoder", bool(audible)],
    ...projectorKeys.map((key) => [key, ggufString(layout.projector)] as const),
    ...Object.entries({ ...common, ...Object.fromEntries(own) }).map(
      ([key, value]) => [key.startsWith("clip.") ? key : `clip.vision.${key}`, value] as const,
    ),
    [`clip.use_${activation}`, activation && bool(true)],
    ...(audible && audio !== undefined ? audioKeys(audio, view) : []),
  ];
  return new Map(entries.filter((entry): entry is [string, GgufValue] => entry[1] !== undefined));
}

const audioKeys = (audio: NonNullable<ClipLayout["audio"]>, view: HeaderView) => [
  ["clip.audio.projector_type", ggufString(audio.projector)] as const,
  ...Object.entries(audio.keys(view)).map(([key, value]) => [`clip.audio.${key}`, value] as const),
];

const sources = (tensors: ClipTensors, read: ReadExtent): GgufTensorSource[] =>
  [...tensors].map(([name, { type, shape, data }]) => {
    const id = ggmlTypeNamed(type)?.id ?? -1;
    return {
      name,
      shape: [...shape],
      type: id,
      bytes: describeTensor(name, id, shape, 0).byteLength,
      async *data() {
        yield await data(read);
      },
    };
  });
