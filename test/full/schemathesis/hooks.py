"""What schemathesis has to know about llamero: how to read a stream, and which model and blob there are."""

import json
import os
import re

import schemathesis

MODEL = os.environ["LLAMERO_MODEL"]
BLOB = os.environ["LLAMERO_BLOB"]

# These do nothing to the model. What deletes, copies or creates keeps the names that were generated.
HARMLESS = {"generate", "chat", "embed", "embedText", "showModel"}
STREAM = "application/x-ndjson"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """OpenAPI 3.0 has no word for a stream of objects: the document gives the schema of a line, and a stream is a list of them."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                media = response.get("content", {}).get(STREAM)
                if media is not None:
                    media["schema"] = {"type": "array", "minItems": 1, "items": media["schema"]}


@schemathesis.deserializer(STREAM)
def lines_of(context, response):
    return [json.loads(line) for line in response.text.removesuffix("\n").split("\n")]


def operation_id(context):
    return context.operation.definition.raw["operationId"]


@schemathesis.hook
def map_body(context, body):
    """A name that is generated is the name of no model."""
    if operation_id(context) not in HARMLESS or not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return body
    return {**body, "model": MODEL}


@schemathesis.hook
def map_path_parameters(context, parameters):
    """A digest that is generated is the digest of no blob; half of them become that of the blob that there is."""
    if operation_id(context) != "findBlob" or not isinstance(parameters, dict):
        return parameters
    digest = parameters.get("digest")
    wanted = isinstance(digest, str) and re.fullmatch("sha256:[0-9a-f]{63}[02468ace]", digest)
    return {**parameters, "digest": BLOB} if wanted else parameters
