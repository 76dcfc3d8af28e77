import { cc } from "bun:ffi";
import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import type { Binary } from "../runner/binary.ts";
import { linkTo, type Shim, textAt } from "../runner/shim.ts";

/** Types of weights that models have (`enum ggml_type`), and the relative error that their precision brings at most. */
const TYPES: readonly [name: string, type: number, error: number][] = [
  ["f32", 0, 0.005],
  ["f16", 1, 0.005],
  ["q4_0", 2, 0.15],
  ["q8_0", 8, 0.02],
  ["q4_K", 12, 0.15],
  ["q6_K", 14, 0.05],
];

/** `enum ggml_backend_dev_type`: a device that helps the CPU with a part of its work, and computes nothing alone. */
const ACCELERATOR = 3;

/**
 * Has every device multiply weights of each kind, and compares with the product in double precision: an engine that was built for another
 * processor, or by a compiler with a fault, opens like any other one.
 *
 * @param shim of an engine that is open.
 * @throws AppError `engine` naming the device and the kind of weights.
 */
export function checkProducts(shim: Shim, { directory }: Binary): void {
  const { symbols } = cc({
    source: join(import.meta.dir, "../shim/compute.c"),
    ...linkTo(directory),
    symbols: { shim_product_error: { args: ["i32", "i32"], returns: "f64" } },
  });
  const devices = Array.from({ length: shim.shim_device_count() }, (_, index) => ({
    index,
    name: textAt(shim.shim_device_name(index)),
    type: shim.shim_device_type(index),
  })).filter(({ type }) => type !== ACCELERATOR);
  judgeProducts(devices, symbols.shim_product_error);
}

/**
 * @param squaredErrorOf of a device's product with weights of a type, relative; below 0: it does not compute.
 * @throws AppError `engine` naming the device and the kind of weights.
 */
export function judgeProducts(
  devices: readonly { index: number; name: string }[],
  squaredErrorOf: (device: number, type: number) => number,
): void {
  for (const { index, name } of devices) {
    for (const [kind, type, most] of TYPES) {
      const squared = squaredErrorOf(index, type);
      if (squared >= 0 && squared <= most * most) continue;
      const what = squared < 0 ? "does not compute with" : "computes wrongly with";
      throw new AppError(
        "engine",
        `${name} ${what} ${kind} weights: run bun install again, or build the engine for this machine: llamero engine build`,
      );
    }
  }
}
