/**
 * A model that thinks before it answers. SmolLM2-135M was never taught to, but a greedy one repeats a pattern: two conversations in
 * the prompt show it how.
 */
const conversation = (country: string, capital: string): string => `<|im_start|>user
What is the capital of ${country}?<|im_end|>
<|im_start|>assistant
<think>The capital of ${country} is ${capital}.</think>${capital}.<|im_end|>
`;

/** A TEMPLATE for SmolLM2. Ask {@link THINKER_QUESTION} with temperature 0. */
export const THINKER_TEMPLATE = `${conversation("France", "Paris")}${conversation("Spain", "Madrid")}{{ range .Messages }}<|im_start|>{{ .Role }}
{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

export const THINKER_QUESTION = "What is the capital of Italy?";

/** What it thinks, and what it answers. */
export const THOUGHT = "The capital of Italy is Rome.";
export const THOUGHT_ANSWER = "Rome.";
