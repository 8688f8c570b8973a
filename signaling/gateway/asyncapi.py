"""The AsyncAPI 3.0 document: the messages of the socket, and what each kind of topic tells."""

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.infrastructure.events.topics import TopicKind
from server.infrastructure.http.json_schema import untitled
from server.infrastructure.http.openapi import SECURITY_SCHEMES
from signaling.gateway.messages import (
    Auth,
    Closed,
    Done,
    Refused,
    Reset,
    Subscribe,
    Subscribed,
    TopicEvent,
    Unsubscribe,
    Value,
)

ASYNCAPI: Final = "3.0.0"
REFERENCE: Final = "#/components/schemas/{model}"
DESCRIPTION: Final = """\
What pages hear, by Socket.IO over WebSocket alone. A client subscribes to topics and gets a
snapshot, then numbered events; snapshot + events = a fresh snapshot, by one rule for every topic: a
change replaces all facts of its entity, or removes it. With its cursor (epoch, number) it gets what
it missed instead of a snapshot. An event may come before the answer to its `subscribe`: keep it,
then apply what has a greater number. Facts hold ids, states, codes, versions and times, never
personal data, which is read by HTTP (`/openapi.json`)."""
# What each side sends, by name on the socket.
FROM_PAGES: Final[Mapping[str, type[BaseModel]]] = {
    "connect": Auth,
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
}
ANSWERS: Final[Mapping[str, type[BaseModel]]] = {
    "subscribed": Subscribed,
    "done": Done,
    "refused": Refused,
}
TO_PAGES: Final[Mapping[str, type[BaseModel]]] = {
    "event": TopicEvent,
    "value": Value,
    "closed": Closed,
    "reset": Reset,
}
REPLIES: Final = {"subscribe": ("subscribed", "refused"), "unsubscribe": ("done", "refused")}
SUMMARIES: Final = {
    "connect": "Open the socket: by the cookie of a page, or by an access token",
    "subscribe": "Hear a topic from now on",
    "unsubscribe": "Hear it no more",
    "event": "Tell what a command has changed",
    "value": "Tell a momentary value",
    "closed": "Tell that a topic is over for this page",
    "reset": "Tell that a topic must be read anew",
}
SOCKET: Final = "socket"


def document(kinds: Sequence[TopicKind], *, title: str, version: str) -> dict[str, Any]:
    """The whole document; the same for every reader and every installation."""
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": title,
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"app": _server()},
        "channels": {SOCKET: _socket(), **{kind.name: _channel(kind) for kind in kinds}},
        "operations": {**_socket_operations(), **_topic_operations(kinds)},
        "components": {
            "messages": _messages(kinds),
            "schemas": schemas(kinds),
            "securitySchemes": _security_schemes(),
        },
    }


def schemas(kinds: Sequence[TopicKind]) -> dict[str, Any]:
    """Every message's and every entity's shape; per kind of topic its snapshot, its changes, its
    events and its values."""
    told = {model for kind in kinds for model in (*kind.entities.values(), *kind.values.values())}
    models: list[Any] = [
        *((model, "validation") for model in FROM_PAGES.values()),
        *((model, "serialization") for model in (*ANSWERS.values(), *TO_PAGES.values())),
        *((model, "serialization") for model in sorted(told, key=lambda model: model.__name__)),
    ]
    names, drawn = models_json_schema(models, ref_template=REFERENCE)
    by_model = {model: names[model, mode] for model, mode in models}
    found: dict[str, Any] = untitled(drawn["$defs"])
    for kind in kinds:
        found |= _kind_schemas(kind, by_model, found)
    return found


def _kind_schemas(
    kind: TopicKind, names: Mapping[type[BaseModel], Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    name = kind.name.capitalize()
    event = known[TopicEvent.__name__]
    change = {"oneOf": [_change(entity, names[facts]) for entity, facts in kind.entities.items()]}
    told = {
        f"{name}Snapshot": {
            "type": "object",
            "description": "By entity and id; an entity of which there is none is absent",
            "properties": {
                entity: {"type": "object", "additionalProperties": names[facts]}
                for entity, facts in kind.entities.items()
            },
            "additionalProperties": False,
        },
        f"{name}Change": change,
        f"{name}Event": event
        | {
            "properties": event["properties"]
            | {
                "topic": _topic_schema(kind),
                "changes": {"type": "array", "items": _reference(f"{name}Change")},
            }
        },
    }
    if kind.values:
        told[f"{name}Value"] = {
            "oneOf": [_value(kind, one, names[facts]) for one, facts in kind.values.items()]
        }
    return told


def _change(entity: str, facts: dict[str, Any]) -> dict[str, Any]:
    return _object(
        entity={"const": entity},
        id={"type": "string"},
        value={"anyOf": [facts, {"type": "null"}]},
    )


def _value(kind: TopicKind, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    return _object(topic=_topic_schema(kind), name={"const": name}, value=facts)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _topic_schema(kind: TopicKind) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{kind.name}:" + re.sub(r"{\w+}", "[^:]+", kind.key)}


def _reference(schema: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=schema)}


# --- servers, channels, operations


def _server() -> dict[str, Any]:
    return {
        "host": "{host}",
        "pathname": "/socket.io/",
        "protocol": "ws",
        "protocolVersion": "Socket.IO 5, Engine.IO 4, transport websocket",
        "description": "The application; wss over TLS",
        "variables": {"host": {"default": "localhost:8080"}},
        "security": [
            {"$ref": f"#/components/securitySchemes/{name}"} for name in _security_schemes()
        ],
    }


def _security_schemes() -> dict[str, Any]:
    cookies = {
        name: {
            "type": "httpApiKey",
            "in": "cookie",
            "name": SECURITY_SCHEMES[name]["name"],
            "description": SECURITY_SCHEMES[name]["description"],
        }
        for name in ("resident", "staff")
    }
    bearer = SECURITY_SCHEMES["bearer"] | {
        "description": "An access token, as `token` of the connection's auth"
    }
    return cookies | {"bearer": bearer}


def _socket() -> dict[str, Any]:
    names = [*FROM_PAGES, *ANSWERS, *TO_PAGES]
    return {
        "address": "/socket.io/",
        "title": "The socket",
        "description": "Every message by its name; what a topic tells is in the topic's channel",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _channel(kind: TopicKind) -> dict[str, Any]:
    return {
        "address": f"{kind.name}:{kind.key}",
        "title": f"Topics {kind.name}:{kind.key}",
        "description": kind.about,
        "parameters": {place: {} for place in re.findall(r"{(\w+)}", kind.key)},
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in _topic_messages(kind)
        },
    }


def _topic_messages(kind: TopicKind) -> list[str]:
    return [f"{kind.name}_event", *([f"{kind.name}_value"] if kind.values else [])]


def _socket_operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for name in (*FROM_PAGES, *TO_PAGES):
        operation: dict[str, Any] = {
            "action": "receive" if name in FROM_PAGES else "send",
            "summary": SUMMARIES[name],
            **_on(SOCKET, name),
        }
        if name in REPLIES:
            operation["reply"] = _on(SOCKET, *REPLIES[name])
        operations[name] = operation
    return operations


def _topic_operations(kinds: Sequence[TopicKind]) -> dict[str, Any]:
    return {
        f"tell_{kind.name}": {
            "action": "send",
            "summary": kind.about,
            **_on(kind.name, *_topic_messages(kind)),
        }
        for kind in kinds
    }


def _on(channel: str, *messages: str) -> dict[str, Any]:
    return {
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _messages(kinds: Sequence[TopicKind]) -> dict[str, Any]:
    messages = {
        name: {
            "name": name,
            "summary": SUMMARIES.get(name) or (inspect.getdoc(model) or name).partition("\n")[0],
            "payload": _reference(model.__name__),
        }
        for name, model in {**FROM_PAGES, **ANSWERS, **TO_PAGES}.items()
    }
    for kind in kinds:
        for name in _topic_messages(kind):
            message = name.rpartition("_")[2]
            messages[name] = {
                "name": message,
                "summary": f"{SUMMARIES[message]}, on {kind.name}:{kind.key}",
                "payload": _reference(kind.name.capitalize() + message.capitalize()),
            }
    return messages
