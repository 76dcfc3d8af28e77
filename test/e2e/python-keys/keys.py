"""The three libraries with a key that may use models, with none, and with one that is wrong; prints what each said."""

import json
import sys

import anthropic
import ollama
import openai

url, good, narrow_question = sys.argv[1], sys.argv[2], "hi"
messages = [{"role": "user", "content": narrow_question}]


def said(call):
    try:
        call()
        return "answered"
    except Exception as error:
        return [type(error).__name__, getattr(error, "status_code", None)]


def clients(key):
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    local = ollama.Client(host=url, headers=headers)
    # OpenAI's own library insists on a key; a server's without keys takes any.
    like_openai = openai.OpenAI(base_url=f"{url}/v1", api_key=key or "none", max_retries=0)
    like_anthropic = anthropic.Anthropic(base_url=url, api_key=key or "none", max_retries=0)
    bearer = anthropic.Anthropic(base_url=url, auth_token=key or "none", max_retries=0)
    message = dict(model="tiny", max_tokens=4, messages=messages)
    return {
        "ollama": said(lambda: local.chat(model="tiny", messages=messages, options={"num_predict": 4})),
        "ollama_manage": said(lambda: local.delete("nothing")),
        "openai": said(lambda: like_openai.chat.completions.create(**message)),
        "openai_stream": said(lambda: list(like_openai.chat.completions.create(stream=True, **message))),
        "openai_embed": said(lambda: like_openai.embeddings.create(model="tiny", input="a")),
        "anthropic_x_api_key": said(lambda: like_anthropic.messages.create(**message)),
        "anthropic_bearer": said(lambda: bearer.messages.create(**message)),
    }


print(json.dumps({"good": clients(good), "none": clients(None), "wrong": clients(good[:-4] + "AAAA")}))
