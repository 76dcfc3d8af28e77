"""Shows one picture to a model through LangChain, and prints what it says as JSON."""

import base64
import json
import sys
from pathlib import Path

from langchain_core.messages import HumanMessage
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI

host, picture = sys.argv[1], Path(sys.argv[2])
url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
image = {"type": "image_url", "image_url": {"url": url}}
said = {
    # It sends images apart from the text, whose placeholder says where.
    "langchain-ollama": ChatOllama(model="eyes", base_url=host)
    .invoke([HumanMessage([{"type": "text", "text": "Repeat this word:[img]"}, image])])
    .content,
    "langchain-openai": ChatOpenAI(model="eyes", base_url=f"{host}/v1", api_key="x")
    .invoke([HumanMessage([{"type": "text", "text": "Repeat this word:"}, image])])
    .content,
}
print(json.dumps(said))
