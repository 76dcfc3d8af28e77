import { badRequest } from "../lib/errors.ts";

/** Scales `vector` to length 1 in place. The zero vector stays as it is. */
function scaleToUnit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/**
 * Checks a pooled vector and brings it into the form that was asked for (spec: api-native §6).
 *
 * @param dimensions how many leading components to keep; 0, or more than there are, keeps all.
 * @param normalize scale to length 1, after cutting.
 * @throws AppError `bad_request` when a component is not a finite number.
 */
export function shapeVector(vector: Float32Array, dimensions: number, normalize: boolean): Float32Array {
  if (!vector.every(Number.isFinite)) throw badRequest("embedding contains NaN or Inf values");
  const cut = dimensions > 0 && dimensions < vector.length ? vector.slice(0, dimensions) : vector;
  return normalize ? scaleToUnit(cut) : cut;
}
