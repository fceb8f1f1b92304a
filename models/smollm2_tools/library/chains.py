"""Pairs of tools, of which the second needs what the first one found."""

from __future__ import annotations

import random
from dataclasses import dataclass

from models.smollm2_tools.library.crafted import OBJECTS, crafted
from models.smollm2_tools.library.held_out import HELD_OUT
from models.smollm2_tools.library.taught import TAUGHT
from models.smollm2_tools.library.tool import Tool, read


@dataclass(frozen=True)
class Chain:
    """`ask` names the parameters of both but `handed`, which is the second one's and of the kind `found`."""

    first: Tool
    second: Tool
    handed: str
    found: str
    results: tuple[str, ...]
    ask: str


_MORE = read("""
mail_file | Mails a file to an address.
takes address:email; path:file

book_flight | Books a flight.
takes flight:code

locate_person | Tells where a person is now.
takes person:person

list_files | Lists the files about a subject.
takes subject:topic

look_up_number | Looks up a phone number.
takes who:person

dial | Calls a phone number.
takes number:phone

find_order | Finds the last order of a customer.
takes customer:person
""")
_TOOLS = {tool.name: tool for tool in (*TAUGHT, *HELD_OUT, *_MORE)}
_FIXED = (
    ("find_contact", "mail_file", "address", "email", ("{0}", '{{"email": "{0}"}}'),
     "Find the address of {name} and mail {path} there.|Mail {path} to {name}; look up the address first."),
    ("find_flight", "book_flight", "flight", "code", ("{0}", '{{"flight": "{0}"}}', "Flight {0}, 180 EUR"),
     "Find a flight from {origin} to {destination} and book it."
     "|Book me a flight from {origin} to {destination}."),
    ("locate_person", "weather_forecast", "place", "city", ("{0}", '{{"city": "{0}"}}'),
     "What is the weather like where {person} is?"
     "|Find out where {person} is and what the weather will be there."),
    ("list_files", "read_file", "path", "file", ("{0}", '["{0}"]', "1 file: {0}"),
     "Find the file about {subject} and read it.|Read me my file on {subject}."),
    ("list_files", "delete_file", "path", "file", ("{0}", '["{0}"]'),
     "Find the file about {subject} and delete it.|Delete my file on {subject}."),
)  # fmt: skip
_HELD = (
    ("look_up_number", "dial", "number", "phone", ("{0}", '{{"phone": "{0}"}}'),
     "Look up the number of {who} and call it.|Find out {who}'s number, then dial it."),
    ("find_order", "ship_order", "order", "code", ("{0}", "Order {0}"),
     "Find the last order of {customer} and ship it to {city}."),
)  # fmt: skip
_VERBS = {
    "delete": "delete it", "share": "share it with {person}", "export": "export it as {format}",
    "assign": "assign it to {assignee}", "archive": "archive it", "rename": "rename it to {new_name}",
}  # fmt: skip


def chain(draw: random.Random, *, held: bool) -> Chain:
    """One of them."""
    if draw.random() < 0.45:
        first, second, handed, found, results, asks = draw.choice(_HELD if held else _FIXED)
        return Chain(_TOOLS[first], _TOOLS[second], handed, found, results, draw.choice(asks.split("|")))
    thing = draw.choice(OBJECTS[held])
    verb = draw.choice(list(_VERBS))
    words = thing.replace("_", " ")
    does = _VERBS[verb]
    ask = draw.choice(
        (f"Find the {words} about {{query}} and {does}.", f"Look for the {words} on {{query}}, then {does}.")
    )
    results = ("{0}", '{{"id": "{0}"}}', f"1 {words}: {{0}}")
    return Chain(crafted("find", thing), crafted(verb, thing), "id", "code", results, ask)
