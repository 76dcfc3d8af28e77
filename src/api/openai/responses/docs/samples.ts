const id = "resp_x1r6pb0zq8d3m5k7w2a9c4e6";

export const message = {
  id: "msg_k3v9x1qa7d2m5p8w4c6e0b1z",
  type: "message",
  status: "completed",
  role: "assistant",
  content: [
    { type: "output_text", text: "Because air scatters blue light more.", annotations: [], logprobs: [] },
  ],
};

export const call = {
  id: "fc_p8w4c6e0b1zk3v9x1qa7d2m5",
  type: "function_call",
  status: "completed",
  call_id: "call_k3v9x1qa",
  name: "get_weather",
  arguments: '{"city":"Bern"}',
};

/** A response for examples. */
export const response = (fields: object) => ({
  id,
  object: "response",
  created_at: 1_767_323_045,
  completed_at: 1_767_323_046,
  status: "completed",
  incomplete_details: null,
  error: null,
  model: "smollm2",
  output: [message],
  usage: {
    input_tokens: 31,
    input_tokens_details: { cached_tokens: 12 },
    output_tokens: 14,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 45,
  },
  previous_response_id: null,
  instructions: null,
  tools: [],
  tool_choice: "auto",
  parallel_tool_calls: true,
  temperature: null,
  top_p: null,
  top_logprobs: 0,
  max_output_tokens: 32,
  max_tool_calls: null,
  reasoning: { effort: null, summary: null },
  text: { format: { type: "text" }, verbosity: "medium" },
  truncation: "disabled",
  store: true,
  background: false,
  service_tier: "default",
  metadata: {},
  user: null,
  safety_identifier: null,
  prompt_cache_key: null,
  ...fields,
});

export const responseExample = response({});

export const notFoundText = `Response with id '${id}' not found.`;
