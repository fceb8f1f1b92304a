"""
Who may know whom: the rooms of the project, and what to do when one of them reaches where it should not.
Data only; guard.py reads it, test_house.py holds the project to it.

A place is a path from the project's root. One that ends in "/" is everything below that folder; "*" stands
for any name. A file belongs to the first room that it fits, and may always know its own room.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """`knows` are places of the project, `packages` (of Python; None: any) what it takes from others."""

    place: str
    knows: tuple[str, ...] = ()
    packages: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class Advice:
    """What is said of an import from one place to another: the rule, and what to do."""

    importer: str
    target: str
    says: str


_SDK = "web/sdk/index.ts"
_EMBED = "web/sdk/embed.ts"
_KIT, _MARKDOWN, _STATE = "web/page/kit/", "web/page/markdown/", "web/page/state/"
_ALOUD, _READER = "web/page/aloud/", "web/page/reader/"
_SDK_GROUND = ("web/sdk/store/", "web/sdk/pictures/", "web/sdk/capture/")
_BUILD, _WIRE, _ENGINE, _FILES = "workers/build.ts", "workers/wire/", "workers/engine/", "workers/files/"
_COMPUTE, _ONNX, _SOUND = "workers/compute/", "workers/onnx/", "workers/sound/"
_WORKERS_FRONT = (_BUILD, _WIRE, _ENGINE, _FILES, _SOUND, "workers/*/client.ts", "workers/*/protocol.ts")
_PROVIDERS_FRONT = (
    "providers/wire/",
    "providers/errors.py",
    "providers/coordinator.py",
    "providers/capabilities.py",
    "providers/json_types.py",
)
_PY_APP = ("py_app/", *_PROVIDERS_FRONT)
_AMPLIFIER = "amplifier_core"

TYPESCRIPT = (
    Room("web/main.ts", ("web/page/", _SDK, "web/later.ts", "workers/wire/gate.ts")),
    Room("web/later.ts", ("web/page/", _SDK)),
    Room("web/sw.ts", ("web/page/offline/", _WIRE, _FILES)),
    # The page: kit is its ground, shell its roof, and what lies between knows downwards only.
    Room(_KIT, (_SDK, _BUILD)),
    Room(
        "web/page/languages/",
        (_KIT, "web/page/*/words.ts", "web/page/*/*/words.ts", "web/page/*/words/", "web/page/*/*-words.ts"),
    ),
    Room(_MARKDOWN, (_KIT,)),
    Room(_STATE, (_KIT, _SDK, _BUILD, "workers/wire/stream.ts")),
    Room(_ALOUD, (_KIT, _SDK, _EMBED, _BUILD)),  # the sound comes when it is first asked for
    Room(_READER, (_KIT, _STATE, _SDK)),  # documents, and the sources of answers
    Room("web/page/offline/", (_KIT, _SDK, _BUILD, "workers/wire/trusted.ts")),
    # What other programs of the device hand over is kept by the service worker.
    Room("web/page/installed/", (_KIT, _STATE, _SDK, "web/page/offline/shared.ts")),
    Room("web/page/shell/", ("web/page/", _SDK, _BUILD)),
    # Capture and the microphone come with it.
    Room("web/page/vision/", (_KIT, _MARKDOWN, _STATE, _SDK, _EMBED, _BUILD)),
    Room("web/page/transcribe/", (_KIT, _STATE, _SDK, _EMBED)),
    Room("web/page/chat/dictation.ts", (_KIT, _SDK, _EMBED)),
    Room("web/page/*/", (_KIT, _MARKDOWN, _ALOUD, _READER, _STATE, _SDK, _BUILD)),  # the tabs
    # A tag for pages of others: it is made of the SDK as those pages are, and draws as our page does.
    Room("web/element/", (_SDK, "web/page/markdown/render.ts")),
    # The SDK: what alcove.js is.
    Room("web/sdk/store/", (*_SDK_GROUND, *_WORKERS_FRONT)),
    Room("web/sdk/pictures/", (*_SDK_GROUND, *_WORKERS_FRONT)),
    Room("web/sdk/capture/", (*_SDK_GROUND, *_WORKERS_FRONT)),
    Room("web/sdk/", _WORKERS_FRONT),
    # The workers.
    Room(_BUILD, (_ENGINE,)),
    Room(_WIRE),
    Room(_ENGINE, (_WIRE,)),
    Room(_FILES, (_BUILD, _WIRE, _ENGINE)),
    Room(_COMPUTE, (_BUILD, _WIRE, _ENGINE, _FILES)),
    Room(_ONNX, (_BUILD, _WIRE)),
    Room(_SOUND),
    Room("workers/*/", (_BUILD, _WIRE, _ENGINE, _FILES, _COMPUTE, _ONNX, _SOUND)),
)

PYTHON = (
    Room("py_app/kernel/", (), (_AMPLIFIER,)),
    # What reaches the browser: the door to JavaScript, the loop, waiting without await, wheels.
    Room("py_app/modules/wheels.py", _PY_APP, (_AMPLIFIER, "micropip")),
    Room("py_app/bridge.py", _PY_APP, (_AMPLIFIER, "pyodide")),
    Room("py_app/event_loop.py", _PY_APP, (_AMPLIFIER, "pyodide")),
    Room("py_app/vision.py", _PY_APP, (_AMPLIFIER, "pyodide")),
    Room("py_app/shims/websockets/browser.py", _PY_APP, ("js", "pyodide")),
    Room("py_app/agents/text.py", _PY_APP, ("yaml",)),
    Room("py_app/json_schema.py", _PY_APP, ("fastjsonschema",)),
    Room("py_app/hooks/partial_answer.py", ("providers/*.py",), ("pydantic_core",)),
    Room("py_app/", _PROVIDERS_FRONT, (_AMPLIFIER,)),
    Room("providers/*.py", ("providers/*.py", "providers/wire/", "providers/calls/"), (_AMPLIFIER,)),
    Room("providers/calls/", ("providers/json_types.py", "providers/schema.py")),
    Room("providers/wire/", ("providers/*.py", "providers/calls/"), (_AMPLIFIER,)),
    Room(
        "providers/openai/browser.py",
        ("providers/openai/", "providers/*.py", "providers/wire/"),
        (_AMPLIFIER, "pyodide", "js"),
    ),
    Room("providers/*/", ("providers/*.py", "providers/wire/"), (_AMPLIFIER,)),
    # The build runs on a bare Python; lockfile.py is run by the one in .venv.
    Room("build.py", ("build_steps/",)),
    Room("build_steps/runtime/lockfile.py", ("build_steps/*.py",), ("pyodide_lock",)),
    Room("build_steps/*.py", ("build_steps/",)),
    Room("build_steps/smollm2_tools/merge.py", ("build_steps/",), ("numpy",)),
    Room("build_steps/smollm2_tools/", ("build_steps/",)),
    Room("build_steps/*/", ("build_steps/*.py",)),
    Room("relay/engine.py", (), ("xllamacpp",)),
    Room("relay/", ("build_steps/base.py", "build_steps/serve.py"), ("websockets",)),
    # How models are made: each on a machine and in an environment of its own.
    Room("models/scene_vlm/", ("build_steps/",), None),
    Room("models/smollm2_tools/", ("build_steps/", "providers/calls/"), None),
    Room("models/webllm/", ("build_steps/",), None),
)

# The first that fits is said.
ADVICE = (
    Advice(
        "web/sdk/",
        "web/page/",
        "the SDK never knows the page. Move what it needs into web/sdk/, or let the page pass it in.",
    ),
    Advice(
        "web/sdk/",
        "web/sdk/",
        "store, pictures and capture are the SDK's ground and know nothing above it."
        " Move what both need down into one of them, or let the caller pass it in.",
    ),
    Advice(
        "web/",
        "web/sdk/",
        "the page knows the SDK by web/sdk/index.ts only; a deeper import would put the same code into the"
        " page and into alcove.js. Export it there if embedders may use it; else write it in web/page/kit/.",
    ),
    Advice(
        "web/sdk/",
        "workers/",
        "the SDK reaches a worker by its client.ts and protocol.ts and by wire/, engine/ and files/."
        " Ask the worker for it, or move what both need into one of these.",
    ),
    Advice(
        "web/",
        "workers/",
        "the page reaches no worker, the SDK does. Take it from web/sdk/index.ts, exported there if it is not"
        " yet.",
    ),
    Advice(
        "web/page/*/",
        "web/page/shell/",
        "shell is the roof of the page, and nobody below knows it. Let shell pass it in, or move it into"
        " web/page/kit/ or web/page/state/.",
    ),
    Advice(
        _KIT,
        "web/page/",
        "kit is the ground of the page and knows nothing above it. Move what it needs into kit, or let the"
        " caller pass it in.",
    ),
    Advice(
        _MARKDOWN,
        "web/page/",
        "markdown knows kit only. Move what it needs into web/page/kit/, or let the caller pass it in.",
    ),
    Advice(
        _STATE,
        "web/page/",
        "state knows kit only: the tabs are drawn from it. Move what it needs into web/page/kit/ or into"
        " state itself, or let the tab pass it in.",
    ),
    Advice(
        "web/page/*/",
        "web/page/*/",
        "tabs never know each other. Move what both need into web/page/kit/ or web/page/state/.",
    ),
    Advice(
        "workers/",
        "web/",
        "workers never know web/. Send it in a message, or move what both need into workers/wire/ or"
        " workers/engine/.",
    ),
    Advice(
        "workers/wire/",
        "workers/",
        "wire knows nothing of ours but itself. Move what it needs into workers/wire/, or pass it in.",
    ),
    Advice(
        "workers/engine/",
        "workers/",
        "engine knows wire only. Move what it needs into workers/engine/ or workers/wire/, or pass it in.",
    ),
    Advice(
        "workers/*/",
        "workers/*/",
        "workers never know each other. Move what both need into workers/wire/, engine/ or files/.",
    ),
    Advice(
        "py_app/kernel/",
        "",
        "the kernel stands in for amplifier_core's engine and knows nothing else of ours."
        " Move what it needs into py_app/kernel/.",
    ),
    Advice(
        "py_app/",
        "providers/",
        "py_app names a provider in a mount plan and never imports one. Move what both need into the files"
        f" that providers share with it: {', '.join(_PROVIDERS_FRONT)}.",
    ),
    Advice(
        "providers/",
        "providers/",
        "providers never know each other. Move what both need into a file beside their folders.",
    ),
    Advice(
        "providers/",
        "",
        "providers run without py_app, on CPython too. Ask the coordinator for it (get_capability), or move"
        " it into providers/.",
    ),
    Advice(
        "build_steps/",
        "",
        "the build runs before anything else is there, on a bare Python. Run it as a program of its own"
        " (base.run), or move what both need into build_steps/.",
    ),
)
