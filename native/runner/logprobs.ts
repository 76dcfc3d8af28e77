/** A token and the natural logarithm of its probability. */
export interface ScoredToken {
  token: number;
  logprob: number;
}

/**
 * Log-probabilities of the sampled token and of the `top` most likely ones, from the model's own distribution (the softmax of
 * all logits, before any sampling option or grammar), most likely first.
 */
export function scoreTokens(
  logits: Float32Array,
  sampled: number,
  top: number,
): { sampled: ScoredToken; top: ScoredToken[] } {
  const normalizer = logSum(logits);
  const score = (token: number): ScoredToken => ({
    token,
    logprob: (logits[token] ?? Number.NEGATIVE_INFINITY) - normalizer,
  });
  return { sampled: score(sampled), top: largest(logits, top).map(score) };
}

/** The logarithm of the sum of all exponentials: a logit less this is a log-probability. */
export function logSum(logits: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}

/** Indices of the `count` largest values, largest first. `count` is small (at most 20), so insertion beats a heap. */
function largest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (best.length === count && value <= least) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < value) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
    if (best.length === count) least = values[best[count - 1]!]!;
  }
  return best;
}
