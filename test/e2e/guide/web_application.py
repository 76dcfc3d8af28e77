import asyncio
import ollama

async def async_stream(prompt: str):
    async_client = ollama.AsyncClient()
    async for chunk in await async_client.generate(
        model='llama3.2', prompt=prompt, stream=True
    ):
        yield chunk['response']

# FastAPI integration
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()

@app.get("/generate")
async def generate(prompt: str):
    return StreamingResponse(
        async_stream(prompt),
        media_type="text/event-stream"
    )
