/**
 * A model that calls a tool of its own accord, for clients that cannot demand a call. SmolLM2-135M was never taught to, but
 * a greedy one repeats a pattern: two conversations in the prompt show it a call of `get_weather` and an answer from its result.
 */
const conversation = (city: string, degrees: number): string => `<|im_start|>user
What is the weather in ${city}?<|im_end|>
<|im_start|>assistant
<tool_call>{"name": "get_weather", "arguments": {"city": "${city}"}}</tool_call><|im_end|>
<|im_start|>tool
${city}: sunny, ${degrees} degrees<|im_end|>
<|im_start|>assistant
In ${city} it is sunny, ${degrees} degrees.<|im_end|>
`;

/** A TEMPLATE for SmolLM2. Ask {@link QUESTION} with temperature 0. */
export const CALLER_TEMPLATE = `{{ if .Tools }}{{ .Tools }}
${conversation("Paris", 21)}${conversation("Madrid", 30)}{{ end }}{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}<tool_call>{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>{{ end }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

/** Is answered with a call of `get_weather` with `{"city":"Rome"}`. */
export const QUESTION = "What is the weather in Rome?";

/** Given as the call's result, it is answered with `In Rome it is rainy, 12 degrees.` */
export const RESULT = "Rome: rainy, 12 degrees";
