"""fastapi: an application with asynchronous routes over Ollama's AsyncClient, served by uvicorn, called over HTTP."""
import asyncio
import json
import socket

import httpx
import ollama
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from support import *

app = FastAPI()
client = ollama.AsyncClient()


def asked(question: str, limit: int = LIMIT) -> dict:
    return {"messages": [{"role": "user", "content": question}], "options": {"temperature": 0, "num_predict": limit}}


@app.exception_handler(ollama.ResponseError)
async def failed(_: Request, error: ollama.ResponseError) -> JSONResponse:
    return JSONResponse(described(error), status_code=error.status_code)


@app.get("/chat")
async def chat(question: str, model: str = CHAT) -> str:
    return (await client.chat(model, **asked(question))).message.content


@app.get("/stream")
async def stream(question: str) -> StreamingResponse:
    parts = await client.chat(CHAT, **asked(question), stream=True)
    lines = (json.dumps(part.message.content) + "\n" async for part in parts)
    return StreamingResponse(lines, media_type="application/x-ndjson")


@app.get("/city")
async def city(question: str) -> City:
    answer = await client.chat(CHAT, **asked(question, 64), format=City.model_json_schema())
    return City.model_validate_json(answer.message.content)


@app.get("/calls")
async def calls(question: str) -> list[dict]:
    answer = await client.chat(CALLER, **asked(question, 96), tools=[get_weather])
    return [call.function.model_dump() for call in answer.message.tool_calls]


@app.post("/embeddings")
async def embeddings(documents: list[str]) -> list[list[float]]:
    return list((await client.embed(EMBEDDER, documents)).embeddings)


async def streamed(http: httpx.AsyncClient) -> list[str]:
    async with http.stream("GET", "/stream", params={"question": QUESTION}) as response:
        return [json.loads(line) async for line in response.aiter_lines()]


async def use(http: httpx.AsyncClient) -> dict:
    question = {"question": QUESTION}
    # Two people at once, and one who streams.
    first, second, chunks = await asyncio.gather(
        http.get("/chat", params=question), http.get("/chat", params=question), streamed(http)
    )
    absent = await http.get("/chat", params={**question, "model": ABSENT})
    return {
        "chat": [first.json(), second.json()],
        "streaming": [chunks],
        "tools": (await http.get("/calls", params={"question": WEATHER_QUESTION})).json(),
        "structured": [(await http.get("/city", params=question)).json()],
        "embeddings": [(await http.post("/embeddings", json=DOCUMENTS)).json()],
        "errors": {"absent": absent.json()},
    }


async def main() -> dict:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=base, timeout=120) as http:
            seen = await use(http)
        server.should_exit = True
        await serving
    return seen


report("fastapi", **asyncio.run(main()))
