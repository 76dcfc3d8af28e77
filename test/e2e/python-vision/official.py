"""Shows one picture to a model through the official clients, by path and by bytes, and prints what it says to each as JSON."""

import base64
import json
import sys
from pathlib import Path

import anthropic
import ollama
import openai

host, picture = sys.argv[1], Path(sys.argv[2])
data = base64.b64encode(picture.read_bytes()).decode()
url = f"data:image/png;base64,{data}"
question = "Repeat this word:"
said = {}

client = ollama.Client(host)


def chat(image):
    message = {"role": "user", "content": f"{question}[img]", "images": [image]}
    return client.chat("eyes", [message]).message.content


said["ollama chat, path"] = chat(str(picture))
said["ollama chat, bytes"] = chat(picture.read_bytes())
said["ollama generate, path"] = client.generate("eyes", f"{question}[img]", images=[picture]).response
said["ollama generate, stream"] = "".join(
    part.response for part in client.generate("eyes", f"{question}[img]", images=[picture], stream=True)
)

gpt = openai.OpenAI(base_url=f"{host}/v1", api_key="x", max_retries=0)
content = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": url, "detail": "high"}}]
answer = gpt.chat.completions.create(model="eyes", messages=[{"role": "user", "content": content}])
said["openai chat"] = answer.choices[0].message.content
parts = [{"type": "input_text", "text": question}, {"type": "input_image", "image_url": url, "detail": "auto"}]
said["openai responses"] = gpt.responses.create(model="eyes", input=[{"role": "user", "content": parts}]).output_text

claude = anthropic.Anthropic(base_url=host, api_key="x", max_retries=0)
source = {"type": "base64", "media_type": "image/png", "data": data}
blocks = [{"type": "text", "text": question}, {"type": "image", "source": source}]
said["anthropic"] = claude.messages.create(
    model="eyes", max_tokens=4, messages=[{"role": "user", "content": blocks}]
).content[0].text

try:
    client.chat("eyes", [{"role": "user", "content": "?", "images": [b"II*\0 a TIFF"]}])
except ollama.ResponseError as error:
    said["refused"] = f"{error.status_code} {error.error}"

print(json.dumps(said))
