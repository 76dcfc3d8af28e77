/** Small chat templates of our own, each with one trait of templates found in the wild. */

export const CHATML = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/** Offers tools, writes calls as JSON in tags, keeps reasoning; thinking can be switched off. */
export const TOOLS = `{{- bos_token }}
{%- if tools %}<tools>{% for tool in tools %}{{ tool | tojson }}{% endfor %}</tools>{% endif %}
{%- for message in messages %}
{%- if message.role == "assistant" %}<assistant>
{%- if message.reasoning_content %}<think>{{ message.reasoning_content }}</think>{% endif %}
{{- message.content }}
{%- for call in message.tool_calls or [] %}<tool_call>{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}</tool_call>{% endfor %}
{{- eos_token }}
{%- elif message.role == "tool" %}<result id={{ message.tool_call_id }} name={{ message.name }}>{{ message.content }}
{%- else %}<{{ message.role }}>{{ message.content }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}<assistant>
{%- if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}
{%- if reasoning_effort is defined %}({{ reasoning_effort }}){% endif %}
{%- endif %}`;

/** No system role; roles must alternate. */
export const STRICT = `{{ bos_token }}{% if messages[0].role == "system" %}{{ raise_exception("System role not supported") }}{% endif %}
{%- for message in messages %}
{%- if (message.role == "user") != (loop.index0 % 2 == 0) %}{{ raise_exception("Conversation roles must alternate user/assistant") }}{% endif %}
{%- if message.role == "assistant" %}{% set role = "model" %}{% else %}{% set role = message.role %}{% endif %}<{{ role }}>{{ message.content | trim }}</{{ role }}>{% endfor %}
{%- if add_generation_prompt %}<model>{% endif %}`;

/** Reads content as parts only. */
export const PARTS = `{% for message in messages %}<{{ message.role }}>{% for part in message.content %}{% if part.type == "text" %}{{ part.text }}{% endif %}{% endfor %}</{{ message.role }}>{% endfor %}`;

/** Puts arguments into text as they are: they must be text already. */
export const TEXT_ARGUMENTS = `{% for message in messages %}<{{ message.role }}>{% if message.tool_calls %}{% for call in message.tool_calls %}[CALLS]{{ call.id }} {{ call.function.name }}({{ "" + call.function.arguments }}){% endfor %}{% else %}{{ message.content }}{% endif %}{% endfor %}`;

/** Walks over the tools without asking whether there are any. */
export const TOOLS_REQUIRED = `{% for tool in tools %}{{ tool.function.name }}{% endfor %}{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}`;

/** Prints no answer of an assistant. */
export const DEAF = `{% for message in messages %}{% if message.role != "assistant" %}<{{ message.role }}>{{ message.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}`;

/** Accepts nothing. */
export const REFUSING = `{{ raise_exception("never") }}`;

/** Takes a system message in front only, and wants to see a question, as Qwen 3.5 does. */
export const ONE_SYSTEM = `{% set ns = namespace(asked=false) %}{% for message in messages %}{% if message.role == "user" %}{% set ns.asked = true %}{% endif %}{% endfor %}
{%- if not ns.asked %}{{ raise_exception("No user query found in messages.") }}{% endif %}
{%- for message in messages %}
{%- if message.role == "system" and not loop.first %}{{ raise_exception("System message must be at the beginning.") }}{% endif %}<{{ message.role }}>{{ message.content }}
{%- for call in message.tool_calls or [] %}[{{ call.function.name }}]{% endfor %}
{%- endfor %}{% if add_generation_prompt %}<assistant>{% endif %}`;

/** Prints what the system says in front, and loses it elsewhere. */
export const DROPS_SYSTEM = `{% if messages[0].role == "system" %}<system>{{ messages[0].content }}{% endif %}{% for message in messages %}{% if message.role != "system" %}<{{ message.role }}>{{ message.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}`;
