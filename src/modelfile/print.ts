import type { Instruction } from "./instruction.ts";
import { printValue } from "./value.ts";

/** One instruction as a line (or several, when its value spans lines) of a Modelfile, without the final newline. */
export function printInstruction(instruction: Instruction): string {
  switch (instruction.type) {
    case "parameter":
      return `PARAMETER ${instruction.key} ${printValue(instruction.value)}`;
    case "message":
      return `MESSAGE ${instruction.role} ${printValue(instruction.content)}`;
    default:
      return `${instruction.type.toUpperCase()} ${printValue(instruction.value)}`;
  }
}

/** A whole Modelfile; {@link parseModelfile} gives the same instructions back. */
export function printModelfile(instructions: readonly Instruction[]): string {
  return instructions.map((instruction) => `${printInstruction(instruction)}\n`).join("");
}
