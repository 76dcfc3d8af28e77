import type { Budget, Micros } from "../../lib/budget.ts";
import type { RendererInput } from "./conversation.ts";

/** Writing a message, its text aside, which is only copied. */
const MESSAGE_MICROS: Micros = 2;
/** Writing a value of a tool's schema or of a call's arguments. */
const VALUE_MICROS: Micros = 1;
/** Writing a character of such a value. */
const CHARACTER_MICROS: Micros = 0.02;

function payForValue(value: unknown, budget: Budget): void {
  budget.spend(VALUE_MICROS);
  if (typeof value === "string") budget.spend(value.length * CHARACTER_MICROS);
  else if (typeof value === "object" && value !== null)
    for (const each of Object.values(value)) payForValue(each, budget);
}

/** Pays for what a renderer is about to write. @throws OverBudget. */
export function payForRendering({ messages, tools }: RendererInput, budget: Budget): void {
  for (const { content, toolCalls = [] } of messages) {
    budget.spend(MESSAGE_MICROS + content.length * CHARACTER_MICROS);
    for (const call of toolCalls) payForValue(call.arguments, budget);
  }
  payForValue(tools, budget);
}
