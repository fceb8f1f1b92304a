"""Tools composed of a verb and a thing: hundreds, with neighbours that are hard to tell apart."""

from __future__ import annotations

import random

from models.smollm2_tools.library.tool import Parameter, Tool

_OBJECTS = [
    "invoice",
    "playlist",
    "project",
    "order",
    "folder",
    "survey",
    "course",
    "ticket",
    "customer",
    "note",
    "reminder",
    "recipe",
    "photo_album",
    "subscription",
    "meeting",
    "task",
    "vacation_request",
    "report",
    "contract",
    "backup",
    "payment",
    "product",
    "room",
    "campaign",
    "template",
    "server",
    "job_offer",
    "shipment",
    "training",
    "newsletter",
    "expense",
    "budget",
    "team",
    "password",
    "bookmark",
    "gift_card",
]
OBJECTS = [one for place, one in enumerate(_OBJECTS) if place % 4 != 3], _OBJECTS[3::4]
"""For training, and held out."""

_ID, _DATE = Parameter("id", "code"), Parameter("date", "day")
_FORMATS = Parameter("format", "choice", True, "", ("pdf", "csv", "html", "json"))
_LEVELS = Parameter("priority", "choice", False, "", ("low", "medium", "high"))
# verb → what it does, its parameters, and how it is asked for: O is the thing, X the verb's other words
_VERBS: dict[str, tuple[str, tuple[Parameter, ...], str]] = {
    "create": (
        "Creates a new O.",
        (Parameter("name", "topic"), Parameter("due", "day", False), _LEVELS),
        "Create a O called {name}.|Make a new O: {name}.|I need a new O named {name}, due {due}."
        "|Set up a {priority} priority O for {name}.|New O: {name}, {due}.|Create a O.",
    ),
    "delete": (
        "Deletes a O for good.",
        (_ID,),
        "Delete O {id}.|Remove the O {id}.|Get rid of O {id}, please.|O {id} can go.|Delete the O.",
    ),
    "find": (
        "Finds a O by words.",
        (Parameter("query", "topic"),),
        "Find the O about {query}.|Where is the O on {query}?|Search for a O on {query}."
        "|Do I have a O about {query}?|Find a O.",
    ),
    "share": (
        "Shares a O with a person.",
        (_ID, Parameter("person", "person")),
        "Share O {id} with {person}.|Let {person} see O {id}.|Give {person} access to the O {id}."
        "|{person} should get O {id}; share it.|Share O {id}.|Share the O with {person}.",
    ),
    "schedule": (
        "Schedules a O.",
        (Parameter("name", "topic"), _DATE, Parameter("time", "clock", False)),
        "Schedule the O {name} for {date}.|Plan the O {name} on {date} at {time}.|Put the O {name} on {date}."
        "|The O {name} should happen {date}.|Schedule the O {name}.",
    ),
    "export": (
        "Exports a O to a file.",
        (_ID, _FORMATS),
        "Export O {id} as {format}.|Save the O {id} in {format} format.|I need O {id} as a {format} file."
        "|Turn O {id} into {format}.|Export O {id}.",
    ),
    "assign": (
        "Assigns a O to a person.",
        (_ID, Parameter("assignee", "person")),
        "Assign O {id} to {assignee}.|{assignee} takes over O {id}.|Make {assignee} responsible for O {id}."
        "|Hand O {id} to {assignee}.|Assign O {id}.",
    ),
    "count": ("Counts the Os there are.", (), "How many Os are there?|Count the Os.|Number of Os, please."),
    "list": (
        "Lists the Os.",
        (Parameter("limit", "small", False),),
        "List all Os.|Show me the Os.|Show the first {limit} Os.|Which Os do we have?",
    ),
    "rename": (
        "Renames a O.",
        (_ID, Parameter("new_name", "topic")),
        "Rename O {id} to {new_name}.|Call O {id} {new_name} from now on."
        "|The O {id} is to be called {new_name}.|Rename the O {id}.",
    ),
    "archive": ("Archives a O.", (_ID,), "Archive O {id}.|Put the O {id} into the archive.|Archive the O."),
    "tag": (
        "Adds tags to a O.",
        (_ID, Parameter("tags", "word[]")),
        "Tag O {id} with {tags}.|Add the tags {tags} to O {id}.|Mark O {id} as {tags}.",
    ),
}
_SAYS = {
    "find": (('{{"id": "{code}"}}', "The O is {code}."), ("none found", "I found no O about {query}.")),
    "count": (("{n}", "There are {n} Os."),),
    "list": (("{topic}; {thing}", "There are two Os: {topic} and {thing}."),),
    "export": (
        ("saved as {file}", "The O was saved as {file}."),
        ("error: disk full", "The export failed: the disk is full."),
    ),
}  # fmt: skip
_DONE = (
    ("ok", "Done: the O is taken care of."),
    ("error: not found", "That did not work: the O was not found."),
    ('{{"status": "done", "id": "{code}"}}', "It is done; the id is {code}."),
    ("error: no permission", "That failed: there is no permission to do it."),
)
VERBS = list(_VERBS)


def crafted(verb: str, thing: str) -> Tool:
    """The tool that does `verb` to `thing`."""
    about, parameters, asks = _VERBS[verb]
    words = thing.replace("_", " ")

    def filled(text: str) -> str:
        out = text.replace(" a O", f" {'an' if words[0] in 'aeiou' else 'a'} O").replace("Os", words + "s")
        return " ".join(
            words if part == "O" else part.replace("O", words) if _alone(part) else part
            for part in out.split(" ")
        )

    says = tuple(
        (said.replace("{{", "{").replace("}}", "}"), filled(answer))
        for said, answer in _SAYS.get(verb, _DONE)
    )
    named = f"{verb}_{thing}s" if verb in ("count", "list") else f"{verb}_{thing}"
    return Tool(
        named, filled(about), parameters, tuple(_capital(filled(ask)) for ask in asks.split("|")), says
    )


def _alone(part: str) -> bool:
    return part.startswith("O") and not part[1:2].isalpha()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if not text.startswith("{") else text


def neighbours(draw: random.Random, count: int, *, held: bool) -> list[Tool]:
    """`count` tools of few things and few verbs."""
    things = draw.sample(OBJECTS[held], 3)
    verbs = draw.sample(VERBS, 4)
    pairs = [(verb, thing) for verb in verbs for thing in things]
    return [crafted(verb, thing) for verb, thing in draw.sample(pairs, min(count, len(pairs)))]
