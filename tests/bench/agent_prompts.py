"""What agents are asked in the bench: eight tools, and prompts of which a third needs none of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def _tool(name: str, description: str, required: int | None = None, **arguments: Any) -> dict[str, Any]:
    properties = {key: {"type": "string", **about} for key, about in arguments.items()}
    return {
        "name": name,
        "description": description,
        "inputSchema": {
            "type": "object",
            "properties": properties,
            "required": list(properties)[:required],
        },
    }


_ARITHMETIC = re.compile(r"[\d.+*/() -]+")

SYSTEM = (
    "You are a helpful assistant with tools. Most messages need no tool: answer them in plain words."
    " Call a tool only where it does exactly what is asked."
)

TOOLS = [
    _tool("get_weather", "The weather in a city, now.", city={"description": "Name of the city"}),
    _tool(
        "calculate",
        "Works out an arithmetic expression exactly.",
        expression={"description": "For example 12 * (3 + 4)"},
    ),
    _tool("current_time", "The time of day in a city.", city={"description": "Name of the city"}),
    _tool(
        "convert_currency",
        "Converts an amount of money from one currency to another.",
        amount={"type": "number"},
        source={"description": "Currency code, such as USD"},
        target={"description": "Currency code, such as EUR"},
    ),
    _tool(
        "set_timer",
        "Starts a timer.",
        1,
        minutes={"type": "integer"},
        label={"description": "What it is for"},
    ),
    _tool(
        "add_todo", "Adds an entry to the person's to-do list.", task={"description": "What is to be done"}
    ),
    _tool("search_notes", "Searches the person's own notes.", query={"description": "Words to look for"}),
    _tool(
        "send_email",
        "Sends an e-mail.",
        to={"description": "Address of the recipient"},
        subject={},
        body={},
    ),
]


@dataclass(frozen=True)
class Result:
    """What an arithmetic expression must come to."""

    value: float

    def is_of(self, expression: str) -> bool:
        written = expression.lower().replace("×", "*").replace("x", "*").replace("÷", "/").replace(",", "")
        if not _ARITHMETIC.fullmatch(written) or "**" in written:
            return False
        try:
            return math.isclose(eval(written, {"__builtins__": {}}), self.value, rel_tol=1e-9)
        except (SyntaxError, TypeError, ZeroDivisionError):
            return False


@dataclass(frozen=True)
class Prompt:
    """What is asked.

    `arguments`: of each that matters, the words that its value must hold, its number, or what it comes to.
    """

    text: str
    tool: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


def _weather(text: str, city: str) -> Prompt:
    return Prompt(text, "get_weather", {"city": city})


def _sum(text: str, result: float) -> Prompt:
    return Prompt(text, "calculate", {"expression": Result(result)})


def _time(text: str, city: str) -> Prompt:
    return Prompt(text, "current_time", {"city": city})


def _money(text: str, amount: float, source: str, target: str) -> Prompt:
    return Prompt(text, "convert_currency", {"amount": amount, "source": source, "target": target})


def _timer(text: str, minutes: int) -> Prompt:
    return Prompt(text, "set_timer", {"minutes": minutes})


def _todo(text: str, *words: str) -> Prompt:
    return Prompt(text, "add_todo", {"task": words})


def _notes(text: str, *words: str) -> Prompt:
    return Prompt(text, "search_notes", {"query": words})


def _email(text: str, to: str, *words: str) -> Prompt:
    return Prompt(text, "send_email", {"to": to, "body": words})


PROMPTS = [
    _weather("What is the weather like in Oslo?", "oslo"),
    _weather("Do I need an umbrella in Seattle today?", "seattle"),
    _weather("How warm is it in Cairo right now?", "cairo"),
    _weather("Is it snowing in Helsinki?", "helsinki"),
    _weather("Tell me the current weather in Buenos Aires.", "buenos aires"),
    _weather("Check the weather for Nairobi, please.", "nairobi"),
    _sum("What is 4821 times 377?", 4821 * 377),
    _sum("Calculate 1299 + 845.50 + 37.25.", 1299 + 845.5 + 37.25),
    _sum("Work out 98765 divided by 43.", 98765 / 43),
    _sum("How much is 17 * 23 - 48?", 17 * 23 - 48),
    _sum("Please compute (512 - 87) * 19.", (512 - 87) * 19),
    _sum("What is 15 percent of 2840? Use the calculator.", 0.15 * 2840),
    _time("What time is it in Tokyo?", "tokyo"),
    _time("Tell me the current time in Lima.", "lima"),
    _time("What's the local time in Sydney now?", "sydney"),
    _time("Is it already night in Mumbai? Look up the time there.", "mumbai"),
    _time("What is the time of day in Toronto?", "toronto"),
    _money("Convert 250 USD to EUR.", 250, "usd", "eur"),
    _money("How many Japanese yen (JPY) do I get for 80 GBP?", 80, "gbp", "jpy"),
    _money("What is 1200 CHF in USD?", 1200, "chf", "usd"),
    _money("Change 45.5 EUR into SEK for me.", 45.5, "eur", "sek"),
    _money("I have 10000 JPY. How much is that in EUR?", 10000, "jpy", "eur"),
    _timer("Set a timer for 12 minutes.", 12),
    _timer("Start a 25 minute timer for studying.", 25),
    _timer("Remind me in 8 minutes to take the pasta off: set a timer.", 8),
    _timer("Please set a timer of 45 minutes for the cake.", 45),
    _timer("I want a timer that rings after 3 minutes.", 3),
    _todo("Add buying milk to my to-do list.", "milk"),
    _todo("Put 'call the dentist' on my to-do list.", "dentist"),
    _todo("Add a to-do: renew my passport.", "passport"),
    _todo("I must not forget to water the plants. Add it to my to-dos.", "water", "plants"),
    _todo("New entry for my to-do list: book the train to Lyon.", "train", "lyon"),
    _todo("Please add 'pay the rent' to the to-do list.", "rent"),
    _notes("Search my notes for the wifi password.", "wifi"),
    _notes("What did I write down about the budget meeting? Search my notes.", "budget"),
    _notes("Look in my notes for the lasagne recipe.", "lasagne"),
    _notes("Find my notes on the trip to Iceland.", "iceland"),
    _notes("Do my notes say anything about Anna's birthday?", "birthday"),
    _notes("Search the notes for 'quantum computing'.", "quantum"),
    _email(
        "Send an e-mail to mia@example.com with the subject Lunch and the text: Shall we meet at noon?",
        "mia@example.com",
        "noon",
    ),
    _email(
        "Write to boss@example.org, subject Sick leave: I am ill and cannot come today.",
        "boss@example.org",
        "ill",
    ),
    _email(
        "E-mail leo@example.net that the package has arrived. Subject: Package.",
        "leo@example.net",
        "package",
    ),
    _email(
        "Send sam@example.com a mail with the subject Thanks that says: Thank you for your help!",
        "sam@example.com",
        "thank",
    ),
    _email(
        "Please mail team@example.com. Subject: Meeting. Text: The meeting is moved to Friday.",
        "team@example.com",
        "friday",
    ),
    Prompt("Hi there!"),
    Prompt("Who wrote Romeo and Juliet?"),
    Prompt("What is the capital of France?"),
    Prompt("Explain in one sentence what photosynthesis is."),
    Prompt("Write a haiku about the sea."),
    Prompt("Give me three names for a grey cat."),
    Prompt("What is the difference between a virus and a bacterium?"),
    Prompt("Thank you, that was helpful."),
    Prompt("Tell me a short joke."),
    Prompt("Which planet is the largest in the solar system?"),
    Prompt("Write a Python function that reverses a string."),
    Prompt("What does the word 'ubiquitous' mean?"),
    Prompt("How do I boil an egg?"),
    Prompt("Is a tomato a fruit?"),
    Prompt("Name two advantages of riding a bicycle."),
    Prompt("What colour do you get when you mix blue and yellow?"),
    Prompt("Show me an example of a JSON object that describes a person."),
    Prompt("Who was Marie Curie?"),
    Prompt("Write the first line of a fairy tale."),
    Prompt("Why is the sky blue?"),
    Prompt("Give me a synonym for 'happy'."),
    Prompt("How many legs does a spider have?"),
]


def right_arguments(prompt: Prompt, given: Mapping[str, Any]) -> bool:
    """Whether `given` holds what the prompt names, however it is spelled."""
    for name, wanted in prompt.arguments.items():
        value = given.get(name)
        if isinstance(wanted, int | float):
            if not isinstance(value, int | float) or value != wanted:
                return False
            continue
        said = str(value).lower().replace(",", "").replace(" ", "")
        if isinstance(wanted, Result):
            if not wanted.is_of(str(value)):
                return False
            continue
        words = (wanted,) if isinstance(wanted, str) else wanted
        if not all(word.replace(" ", "") in said for word in words):
            return False
    return True
