/** A part of a message, or of the result of a call. */
export type ItemPart =
  | { type: "input_text"; text: string }
  | { type: "output_text"; text: string; annotations: unknown[]; logprobs: unknown[] }
  | { type: "refusal"; refusal: string }
  | { type: "input_image"; image_url: string; detail: string }
  | { type: "input_audio"; input_audio: { data: string; format: string } };

type TextPart<Type extends string> = { type: Type; text: string };

/** An item of a conversation, in the one form in which items are kept and listed; the items of a response's output have it as well. */
export type Item =
  | { type: "message"; id: string; status: string; role: string; content: ItemPart[] }
  | {
      type: "reasoning";
      id: string;
      status: string;
      summary: TextPart<"summary_text">[];
      content: TextPart<"reasoning_text">[];
      encrypted_content?: string;
    }
  | {
      type: "function_call";
      id: string;
      status: string;
      call_id: string;
      name: string;
      namespace?: string;
      arguments: string;
    }
  | {
      type: "custom_tool_call";
      id: string;
      status: string;
      call_id: string;
      name: string;
      namespace?: string;
      input: string;
    }
  | {
      type: "function_call_output" | "custom_tool_call_output";
      id: string;
      status: string;
      call_id: string;
      output: string | ItemPart[];
    };
