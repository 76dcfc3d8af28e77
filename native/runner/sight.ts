import { existsSync, statSync } from "node:fs";
import type { RunnerLoad } from "../../src/engine/protocol.ts";
import { defined } from "../../src/lib/defined.ts";
import { AppError } from "../../src/lib/errors.ts";
import { deriveProjector } from "../../src/models/clip/derive.ts";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import { ensureLibrary } from "../vision/build.ts";
import { ADD_COMMAND } from "../vision/compiler.ts";
import type { Binary } from "./binary.ts";
import { Decoder } from "./decoder.ts";
import { Gallery } from "./gallery.ts";
import { type LoadedBytes, memoryUse } from "./memory-report.ts";
import { modelArchitecture, type Shim } from "./shim.ts";
import { Vision, type VisionOptions } from "./vision.ts";

/** A loaded model's projector, and the pictures that it has been shown. */
export interface Sight {
  vision: Vision;
  gallery: Gallery;
  senses: { sees: boolean; hears: boolean };
  memory: LoadedBytes;
}

export interface SightOptions {
  /** With the model loaded. */
  shim: Shim;
  /** The llama.cpp that is loaded. */
  binary: Binary;
  threads: number;
  /** Path of the library. */
  libmtmd: string;
}

/** Ollama's floor for these, which see little of a small picture otherwise. */
const MIN_CELLS: Record<string, number> = { qwen2vl: 1024, qwen3vl: 1024, qwen3vlmoe: 1024 };

/**
 * Opens the model's projector.
 *
 * @returns undefined for a model without one.
 * @throws AppError `engine` for a projector that does not fit the model.
 */
async function openSight(request: RunnerLoad, options: SightOptions): Promise<Sight | undefined> {
  const { shim, binary, threads, libmtmd } = options;
  if (request.projectorPath === undefined) return undefined;
  const minCells = MIN_CELLS[modelArchitecture(shim)] ?? 0;
  const settings = {
    projector: request.projectorPath,
    projectorType: await projectorTypeOf(request.projectorPath),
    library: libmtmd,
    binaries: binary.directory,
    threads,
    gpuLayers: request.gpuLayers,
    mainGpu: request.mainGpu ?? -1,
    minCells,
  };
  const vision = openFitting(shim, settings, Math.max(minCells, Math.floor(request.contextLength / 2)));
  return {
    vision,
    gallery: new Gallery(vision, new Decoder()),
    senses: { sees: vision.sees, hears: vision.sampleRate !== undefined },
    memory: memoryOf(vision, request.projectorPath),
  };
}

/** Which of libmtmd's projectors it is; "" for a file that libmtmd will refuse. */
async function projectorTypeOf(path: string): Promise<string> {
  try {
    const { metadata } = await readGgufHeader(path);
    const keys = ["clip.projector_type", "clip.vision.projector_type"];
    const [type] = keys.flatMap((key) => metadata.get(key)?.value ?? []);
    return typeof type === "string" ? type : "";
  } catch (error) {
    if (error instanceof AppError) return "";
    throw error;
  }
}

/** No picture may take more than half of the context, where the projector can look less closely: a photograph would fill all of it. */
function openFitting(shim: Shim, settings: Omit<VisionOptions, "maxCells">, most: number): Vision {
  const vision = Vision.open(shim, { ...settings, maxCells: 0 });
  if (vision.largestPicture <= most) return vision;
  vision.close();
  return Vision.open(shim, { ...settings, maxCells: most });
}

/** libmtmd reports the buffers that it computes in; the projector's weights are as large as its file. */
function memoryOf(vision: Vision, projector: string): LoadedBytes {
  const { total, vram } = memoryUse(vision.report);
  const weights = statSync(projector).size;
  return { total: total + weights, vram: vram > 0 ? vram + weights : 0 };
}

/** A model's sight, or the reason why it has none. */
export interface Eyes {
  sight?: Sight;
  blind?: string;
}

/**
 * As {@link openSight}. Where an encoder within the weights cannot be used, the model works without sight, and the log says why; a
 * separate projector that does not fit is a mistake of the model's maker, and an error.
 */
export async function openEyes(request: RunnerLoad, options: SightOptions): Promise<Eyes> {
  try {
    const sight = await openSight(request, options);
    return defined({ sight });
  } catch (error) {
    if (request.projectorFrom === undefined || !(error instanceof AppError)) throw error;
    console.error(`vision: ${error.message}; the model is loaded without its encoder`);
    return { blind: error.message };
  }
}

/** The error for a request with a picture to a model that cannot see. @param blind why it cannot, where it should. */
export function noSightError({ projectorPath }: RunnerLoad, blind: string | undefined): AppError {
  if (blind !== undefined) return new AppError("unsupported", `the model's encoder cannot be used: ${blind}`);
  return projectorPath === undefined
    ? new AppError("bad_request", "this model has no projector: it neither sees nor hears")
    : new AppError("unsupported", `vision is not installed; get it with: ${ADD_COMMAND}`);
}

/** For the log, and for the clients that wait; LOAD_STEP in src/engine/protocol.ts. */
const tellStep = (step: string): void => console.log(`loading: ${step}`);

/**
 * libmtmd for a model with a projector, built if it has not been. Where it cannot be built, the log says why and the model only reads.
 *
 * @param cache llamero's folder for what it has built.
 */
export async function libmtmdFor({ projectorPath }: RunnerLoad, cache: string): Promise<string | undefined> {
  if (projectorPath === undefined) return undefined;
  try {
    return await ensureLibrary({ cache, say: tellStep });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tellStep(`without vision, since ${error.message}; get it with: ${ADD_COMMAND}`);
    return undefined;
  }
}

/**
 * The encoder in the weights as a file of its own, where that is what the model's projector is, and has not been made. Where it cannot be
 * made, the log says why.
 */
export async function makeProjector({ projectorPath, projectorFrom }: RunnerLoad): Promise<void> {
  if (projectorPath === undefined || projectorFrom === undefined || existsSync(projectorPath)) return;
  tellStep("taking the encoder of pictures out of the weights");
  try {
    await deriveProjector(projectorFrom, projectorPath, new AbortController().signal);
  } catch (error) {
    console.error(`vision: ${AppError.from(error).message}`);
  }
}
