import type { AnswerMetrics } from "../../client/index.ts";
import { formatDuration } from "../../lib/duration.ts";

/** The lines that `--verbose` prints after an answer, one for each number above zero (docs/behaviour: cli §5.3). */
export function statisticsText(metrics: AnswerMetrics): string {
  const {
    total_duration: total = 0,
    load_duration: load = 0,
    prompt_eval_count: promptCount = 0,
    prompt_eval_duration: promptTime = 0,
    eval_count: count = 0,
    eval_duration: time = 0,
  } = metrics;
  return [
    line("total duration", total, formatDuration(total)),
    line("load duration", load, formatDuration(load)),
    line("prompt eval count", promptCount, `${promptCount} token(s)`),
    line("prompt eval duration", promptTime, formatDuration(promptTime)),
    line("prompt eval rate", promptTime, tokensPerSecond(promptCount, promptTime)),
    line("eval count", count, `${count} token(s)`),
    line("eval duration", time, formatDuration(time)),
    line("eval rate", time, tokensPerSecond(count, time)),
  ].join("");
}

function line(label: string, value: number, text: string): string {
  return value > 0 ? `${`${label}:`.padEnd(22)}${text}\n` : "";
}

function tokensPerSecond(tokens: number, nanoseconds: number): string {
  return `${((tokens / nanoseconds) * 1e9).toFixed(2)} tokens/s`;
}
