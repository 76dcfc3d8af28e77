import { AppError } from "../../lib/errors.ts";
import { formatGibibytes } from "../../lib/humanize.ts";
import { largestContext, lowerContexts } from "./policy.ts";
import type { Resident, Waiter } from "./state.ts";
import type { Transition } from "./transition.ts";

/** What a model needs to be loaded: one of the places that `maxLoaded` allows, and memory. */
export interface Capacity {
  places: number;
  bytes: number;
}

export const fits = (need: Capacity, free: Capacity): boolean =>
  need.places <= free.places && need.bytes <= free.bytes;

export const sum = (...capacities: Capacity[]): Capacity => ({
  places: capacities.reduce((total, { places }) => total + places, 0),
  bytes: capacities.reduce((total, { bytes }) => total + bytes, 0),
});

export const needOf = ({ launch, exclusive }: Waiter): Capacity => ({
  places: 1,
  bytes: (exclusive ?? launch).memory.bytes,
});

/** What comes free when these runners have ended. */
export const capacityOf = (...residents: Resident[]): Capacity => ({
  places: residents.length,
  bytes: residents.reduce((total, { memory }) => total + memory.bytes, 0),
});

/**
 * What is free now. A runner that has not finished its load may not have taken its memory yet, and what a runner maps from a file is
 * counted as available by the kernel; neither may be given away twice.
 */
export function freeCapacity({ residents, limits, availableBytes }: Transition): Capacity {
  const promised = residents.map(({ info, memory }) =>
    info === undefined ? memory.bytes : memory.mappedBytes,
  );
  return {
    places: limits.maxLoaded - residents.length,
    bytes: promised.reduce((left, bytes) => left - bytes, availableBytes),
  };
}

/**
 * Sees to it that a model can be loaded at all, with every other one out of the way: where no request named a context length, a lower
 * one is taken.
 *
 * @returns why it cannot be loaded, with the numbers.
 */
export function fitToMemory(transition: Transition, waiter: Waiter): AppError | undefined {
  const bytes = bytesForOne(transition);
  if (needOf(waiter).bytes <= bytes) return undefined;
  const lower = lowerContexts(waiter.spec, waiter.launch).find(({ memory }) => memory.bytes <= bytes);
  if (lower === undefined) return tooLarge(waiter, bytes);
  waiter.launch = lower;
  return undefined;
}

/** Bytes that one model may have when no other is in memory. */
function bytesForOne({ residents, availableBytes }: Transition): number {
  // What a runner that loads has not taken is still available; what one has taken that is stopped comes back.
  return residents
    .filter(({ phase }) => phase !== "loading")
    .reduce((total, { memory }) => total + memory.bytes - memory.mappedBytes, availableBytes);
}

/** The beginning of the text is Ollama's. */
function tooLarge({ spec, launch }: Waiter, capacity: number): AppError {
  const fitting = largestContext(spec, launch, capacity);
  const hint =
    fitting === undefined
      ? "no num_ctx makes it fit"
      : `with num_ctx ${launch.contextLength}; it fits with num_ctx ${fitting}`;
  const needed = formatGibibytes(launch.memory.bytes);
  const there = formatGibibytes(Math.max(0, capacity));
  return new AppError(
    "engine",
    `model requires more system memory (${needed}) than is available (${there}), ${hint}`,
  );
}
