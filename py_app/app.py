"""The only door from JavaScript to Python: one object, JSON strings in and out, and nothing is ever raised.

Nothing of amplifier_core is imported here before `start` has put the kernel in place.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py_app.bridge import Host
    from py_app.conversation import Conversation


def start(host: Host) -> App:
    """Make the App over `host` (the JavaScript module `alcove_host`, or an object with its methods)."""
    if sys.platform == "emscripten":
        from py_app import event_loop, shims

        event_loop.install()
        shims.install()
    if sys.platform == "emscripten" or os.environ.get("ALCOVE_KERNEL") == "1":
        from py_app import kernel

        kernel.install()
    from py_app.bridge import connect
    from py_app.session import use_host

    connected = connect(host)
    use_host(connected)
    app = App(connected)
    if sys.platform == "emscripten":
        gc.freeze()  # no collection in mid-answer looks through all that was imported
    return app


class App:
    """Every method answers JSON: {"ok": …} or {"error": {"code", "message", "action", "detail"?}}."""

    def __init__(self, host: Host) -> None:
        # Imported here and not above: they import amplifier_core.
        from py_app import config, conversation, errors
        from py_app.home import archive

        self._archive = archive
        self._host = host
        self._config = config
        self._conversation = conversation.Conversation
        self._errors = errors
        self._open: dict[str, Conversation] = {}
        self._opening: set[str] = set()

    async def open(self, config_json: str) -> str:
        """Open a session (see SessionConfig) → {"id", "provider", "model"}."""

        async def work() -> object:
            config = self._config.SessionConfig.parse(json.loads(config_json))
            if config.id in self._open or config.id in self._opening:
                raise self._errors.AlcoveError("bad-request", f'The session "{config.id}" is already open.')
            self._opening.add(config.id)
            try:
                conversation = self._open[config.id] = await self._conversation.open(self._host, config)
            finally:
                self._opening.discard(config.id)
            return conversation.about

        return await self._answer(work)

    async def send(self, session_id: str, prompt_json: str) -> str:
        """Run one turn with a Prompt → {"text", "finishReason", "object"?}; `busy` while another one runs."""

        async def work() -> object:
            return await self._find(session_id).send(self._config.Prompt.parse(json.loads(prompt_json)))

        return await self._answer(work)

    async def retry(self, session_id: str) -> str:
        """Drop the last answer and run the last user message again → what `send` answers."""
        return await self._answer(lambda: self._find(session_id).retry())

    async def go_on(self, session_id: str) -> str:
        """Go on with an answer that broke off, or answer a question that has none → what `send` answers."""
        return await self._answer(lambda: self._find(session_id).go_on())

    async def replace(self, session_id: str, messages_json: str) -> str:
        """Put other messages in the place of the conversation's; they are kept already → null."""

        async def work() -> None:
            messages = self._config.parse_messages(json.loads(messages_json))
            await self._find(session_id).replace(messages)

        return await self._answer(work)

    async def keep(self, session_id: str) -> str:
        """Save the whole conversation again → null."""
        return await self._answer(lambda: self._find(session_id).keep())

    async def cancel(self, session_id: str, immediate: bool = True) -> str:
        """Stop the running turn, at once or after the current tool or answer → whether one was running."""
        return await self._answer(lambda: self._find(session_id).cancel(immediate=bool(immediate)))

    async def respond(self, session_id: str, approval_id: str, option: str) -> str:
        """Answer an `approval` event with one of its options → null."""

        async def work() -> None:
            self._find(session_id).respond(approval_id, option)

        return await self._answer(work)

    async def steer(self, session_id: str, text: str) -> str:
        """Tell the model something while it answers → null."""

        async def work() -> None:
            self._find(session_id).steer(text)

        return await self._answer(work)

    async def history(self, session_id: str) -> str:
        """All messages of the conversation, as `py_app/message.py` describes them."""
        return await self._answer(lambda: self._find(session_id).history())

    async def tools(self, session_id: str) -> str:
        """The tools of the session, for somebody outside → [{"name", "description", "inputSchema"}]."""

        async def work() -> object:
            return self._find(session_id).tools()

        return await self._answer(work)

    async def use_tool(self, session_id: str, name: str, arguments_json: str) -> str:
        """Run a tool for somebody outside, who asks as ever → {"content": blocks}; `busy` in a turn."""

        async def work() -> object:
            return await self._find(session_id).use_tool(name, json.loads(arguments_json))

        return await self._answer(work)

    async def activity(self, session_id: str) -> str:
        """Every event of the session since it was opened here (see `py_app/activity.py`)."""

        async def work() -> object:
            return self._find(session_id).activity()

        return await self._answer(work)

    async def close(self, session_id: str) -> str:
        """Stop a running turn and free the session → null."""

        async def work() -> None:
            conversation = self._find(session_id)
            try:
                await conversation.close()
            finally:
                self._open.pop(session_id, None)

        return await self._answer(work)

    async def discard(self, session_id: str) -> str:
        """Close a session whose conversation was deleted, and delete its files in the home → null."""

        async def work() -> None:
            conversation = self._find(session_id)
            try:
                await conversation.close(discard=True)
            finally:
                self._open.pop(session_id, None)

        return await self._answer(work)

    async def archive(self, request_json: str) -> str:
        """Add {"record": a conversation, "workingDir": its folder or null} to the zip at {"file"} → null."""

        async def work() -> None:
            request = json.loads(request_json)
            working_dir = request["workingDir"] or str(Path.home())
            self._archive.add_to(Path(request["file"]), request["record"], working_dir)

        return await self._answer(work)

    async def read_bundle(self, files_json: str, archive: str) -> str:
        """Read a bundle ([{"name", "path"}]), mount it once, pack it into `archive` → its report."""

        async def work() -> object:
            from py_app.agents.report import read_bundle

            files = [(each["name"], _take(each["path"])) for each in json.loads(files_json)]
            told, packed = await read_bundle(files, self._host)
            Path(archive).write_bytes(packed)  # noqa: ASYNC240  # in memory
            return told

        return await self._answer(work)

    async def change_bundle(self, archive: str, changes_json: str) -> str:
        """Make changes in the bundle packed in `archive` → its report (see `py_app/agents/report.py`)."""

        async def work() -> object:
            from py_app.agents.report import change_bundle

            told, packed = await change_bundle(_take(archive), json.loads(changes_json), self._host)
            Path(archive).write_bytes(packed)  # noqa: ASYNC240  # in memory
            return told

        return await self._answer(work)

    async def install(self, wheel: str) -> str:
        """Install a wheel whose modules a plan can name → what it brought (`py_app/modules/wheels.py`)."""
        from py_app.modules import wheels

        return await self._answer(lambda: wheels.install(wheel))

    def _find(self, session_id: str) -> Conversation:
        conversation = self._open.get(session_id)
        if conversation is None:
            raise self._errors.AlcoveError(
                "bad-request", f'There is no open session "{session_id}".', action="Open it again."
            )
        return conversation

    async def _answer(self, work: Callable[[], Awaitable[object]]) -> str:
        try:
            return json.dumps({"ok": await work()})
        except json.JSONDecodeError as error:
            data = self._errors.AlcoveError(
                "bad-request", "What was sent is not JSON.", detail=str(error)
            ).data
        except BaseException as error:  # JavaScript gets an answer whatever happens
            data = self._errors.to_error_data(error)
        return json.dumps({"error": data})


def _take(path: str) -> bytes:
    """What JavaScript has put into a file, which goes."""
    content = Path(path).read_bytes()
    Path(path).unlink()
    return content
