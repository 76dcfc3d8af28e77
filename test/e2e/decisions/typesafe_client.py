"""PyPI typesafe-sdk, unchanged: its own models check every field of the reply."""

import asyncio
import json
import sys

from typesafe_sdk import (
    AsyncTypeSafeClient,
    Choice,
    Image,
    Noul,
    RetryPolicy,
    Score,
    TypeSafeBadRequestError,
    TypeSafeClient,
    TypeSafeNotFoundError,
)

url, pictures = sys.argv[1], json.loads(sys.argv[2])
settings = {"api_key": "any", "base_url": url, "model": "smollm2", "timeout": 120, "retry": RetryPolicy(max_retries=0)}
state = {"subject": "Charged twice", "message": "I was charged twice. Please refund me."}
questions = {
    "refund": Noul(instructions="Does the customer want money back?"),
    "angry": Noul(criteria={"true": "The customer is angry", "false": None}),
    "team": Choice(instructions={"ask": "Which team?"}, criteria={"billing": ["Payments"], "technical": None}),
    "mood": Score(instructions="How content?", criteria=["Angry", {"level": "Neutral"}, "Happy"]),
}


def refused(error, call):
    try:
        call()
    except error as failure:
        return str(failure)
    raise AssertionError(f"no {error.__name__}")


with TypeSafeClient(**settings) as client:
    result = client.system_one(state=state, questions=questions)
    one = {"q": questions["refund"]}
    missing = refused(TypeSafeNotFoundError, lambda: client.system_one(state=state, questions=one, model="gone"))
    twice = Score(instructions="How?", criteria=["a", "a"])
    same = refused(TypeSafeBadRequestError, lambda: client.system_one(state=state, questions={"q": twice}))


async def again():
    async with AsyncTypeSafeClient(**settings) as client:
        return await client.system_one(state=state, questions=questions)


repeated = asyncio.run(again())


def seen(client, picture):
    """The colour of a picture that the SDK sends as a part of a form."""
    image = Image.from_base64(picture)
    colour = Choice(instructions="Which word?", criteria={name: None for name in pictures})
    reply = client.system_one(state=image, questions={"colour": colour}, model="eyes")
    return reply.choices["colour"].choice


with TypeSafeClient(**settings) as client:
    colours = {name: seen(client, picture) for name, picture in pictures.items()}
print(
    json.dumps(
        {
            "nouls": {name: answer.noul for name, answer in result.nouls.items()},
            "team": result.choices["team"].model_dump(),
            "mood": result.scores["mood"].model_dump(),
            "usage": result.usage.model_dump(),
            "same": repeated.answers == result.answers,
            "errors": [missing, same],
            "colours": colours,
        }
    )
)
