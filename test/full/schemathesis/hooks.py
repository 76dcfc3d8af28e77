"""What schemathesis has to know about llamero: how to read a stream, and which model and blob there are."""

import json
import os
import re

import schemathesis

MODEL = os.environ["LLAMERO_MODEL"]
BLOB = os.environ["LLAMERO_BLOB"]
STORE = os.environ["LLAMERO_STORE"]
# Models of a registry on this machine, for pulls and pushes. They have http only.
FROM_REGISTRY = {"pullModel": os.environ["LLAMERO_PULLED"], "pushModel": os.environ["LLAMERO_PUSHED"]}

# These do nothing to the model. What deletes, copies or creates keeps the names that were generated.
HARMLESS = {
    *("generate", "chat", "embed", "embedText", "showModel", "tokenize", "detokenize"),
    *("createChatCompletion", "createCompletion", "createEmbedding"),
    *("createResponse", "countResponseInputTokens"),
    *("createMessage", "countMessageTokens"),
}
LINES = "application/x-ndjson"
EVENTS = "text/event-stream"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """OpenAPI 3.0 has no word for a stream of objects: the document gives the schema of one line, or of one event's data."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for kind, media in response.get("content", {}).items():
                    if kind == LINES:
                        media["schema"] = {"type": "array", "minItems": 1, "items": media["schema"]}
                    if kind == EVENTS:
                        media["schema"] = event_of(media["schema"])


def event_of(schema):
    """An event as schemathesis sees it: its data is a text, JSON but for the mark at the end."""
    json_text = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    data = {"anyOf": [{"enum": ["[DONE]"]}, json_text]}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


@schemathesis.deserializer(LINES)
def lines_of(context, response):
    return [json.loads(line) for line in response.text.removesuffix("\n").split("\n")]


def operation_id(context):
    return context.operation.definition.raw["operationId"]


@schemathesis.hook
def map_body(context, body):
    """A name that is generated is the name of no model."""
    known = FROM_REGISTRY.get(operation_id(context))
    if known is not None and isinstance(body, dict) and isinstance(body.get("model"), str):
        return {**body, "model": known, "insecure": True}
    if operation_id(context) not in HARMLESS or not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return body
    return {**body, "model": MODEL}


@schemathesis.hook
def before_call(context, case, kwargs):
    """The example names the usual place of Ollama's store: nobody's models are to be imported by a test."""
    if operation_id(context) == "importStore" and isinstance(case.body, dict) and isinstance(case.body.get("path"), str):
        case.body["path"] = STORE


@schemathesis.hook
def map_path_parameters(context, parameters):
    """A digest that is generated is the digest of no blob; half of them become that of the blob that there is."""
    if operation_id(context) != "findBlob" or not isinstance(parameters, dict):
        return parameters
    digest = parameters.get("digest")
    wanted = isinstance(digest, str) and re.fullmatch("sha256:[0-9a-f]{63}[02468ace]", digest)
    return {**parameters, "digest": BLOB} if wanted else parameters
