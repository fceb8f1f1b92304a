"""One open conversation: an Amplifier session, one turn at a time, its transcript and its approvals."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from amplifier_core import AmplifierSession
from amplifier_core.events import PROVIDER_REQUEST, TOOL_POST, TOOL_PRE
from amplifier_core.models import HookResult

from providers.capabilities import (
    ACTIVITY,
    AGENTS,
    ANSWER_SCHEMA,
    CHOSEN_SAMPLING,
    DOCUMENTS,
    GOING_ON,
    OUTCOME,
    PROGRESS,
    STEER,
    VARIATION,
)
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.activity import Activity
from py_app.agents.errors import Refusal
from py_app.agents.sub_agents import SubAgents
from py_app.approvals import AllowAll, PageApprovals
from py_app.bridge import Host, Page
from py_app.config import Prompt, SessionConfig
from py_app.context.sequence import last_question
from py_app.documents.attached import DOCUMENTS_TOOL, Attached
from py_app.errors import AlcoveError
from py_app.home.session_files import SessionFiles
from py_app.loop.outcome import Outcome
from py_app.message import Message, text_of
from py_app.opening import answering, session_of
from py_app.outside import OutsideCalls
from py_app.pictures import attach
from py_app.policy import Policy
from py_app.session import working_dir_of
from py_app.transcript import Transcript, title_of
from py_app.usage import COSTING, Usage, figures_of

_SAVE_TIMEOUT = 2.0
"""Seconds that a turn's end waits for the transcript to be written."""
_CLOSE_TIMEOUT = 5.0
"""Seconds that `close` waits for a running turn to stop."""

RETRY_SAMPLING = {"temperature": 0.5}
"""A model that is sure of itself would only say the same again."""

OFFICIAL_LOG = "hooks-logging"
"""Amplifier's own module that writes events.jsonl: where a plan has it, ours does not write them twice."""

_CONTINUE = HookResult()


class Conversation:
    """Made by `Conversation.open`. One turn at a time: a second one is refused with `busy`."""

    def __init__(
        self,
        session: AmplifierSession,
        page: Page,
        approvals: PageApprovals | AllowAll,
        transcript: Transcript,
        activity: Activity,
        files: SessionFiles,
    ) -> None:
        self._session = session
        self._coordinator: Coordinator = session.coordinator
        self._page = page
        self._approvals = approvals
        self._transcript = transcript
        self._activity = activity
        self._agents: SubAgents = self._coordinator.get_capability(AGENTS)
        self._documents: Attached = self._coordinator.get_capability(DOCUMENTS)
        self._coordinator.register_capability(ACTIVITY, activity)
        self._coordinator.register_capability(PROGRESS, self._on_agent)
        self._files = files
        self._outside = OutsideCalls(self._coordinator)
        self._turn: asyncio.Future[None] | None = None
        self._closed = False
        self._untold: list[Refusal] = []
        self._usage = Usage()
        self._cost: Json | None = None
        for event in COSTING:
            self._coordinator.hooks.register(event, self._on_cost, 1000, f"cost:{event}")
        for event in (PROVIDER_REQUEST, TOOL_PRE, TOOL_POST):  # whenever a message may have been added
            self._coordinator.hooks.register(event, self._on_progress, 1000, f"transcript:{event}")

    @classmethod
    async def open(cls, host: Host, config: SessionConfig) -> Conversation:
        """Raises AlcoveError (bad-request) if the plan cannot be mounted."""
        page = Page(host, config.id)
        approvals = AllowAll() if config.approvals == Policy(default="allow") else PageApprovals(page)
        session, refused = await session_of(host, config, page, approvals)
        provider, model = answering(session, config)
        documents: Attached = session.coordinator.get_capability(DOCUMENTS)
        transcript = Transcript(
            page,
            provider=provider,
            model=model,
            system=config.system,
            tools=[tool for tool in config.tools if isinstance(tool, str)],
            page_tools=[str(tool.get("name")) for tool in config.tools if not isinstance(tool, str)],
            plan=config.plan,
            agent=config.agent,
            documents=documents,
            created=config.created,
            messages=config.messages,
        )
        activity = Activity(_secrets(config.provider_config))
        activity.listen(session.coordinator)
        await activity.listen_to_modules(session.coordinator)
        files = SessionFiles(
            config.id,
            created=transcript.created,
            model=model or "",
            working_dir=working_dir_of(session.coordinator),
            redact=activity.redacted,
        )
        mounted: Coordinator = session.coordinator
        mounted.register_capability(CHOSEN_SAMPLING, config.sampling)
        if all(hook["module"] != OFFICIAL_LOG for hook in mounted.config["hooks"]):
            activity.record = files.note_event
        conversation = cls(session, page, approvals, transcript, activity, files)
        known: list[str] = config.agent.get("known") or []
        conversation._untold = [each for each in refused if each["module"] not in known]
        return conversation

    @property
    def about(self) -> Json:
        """What `open` answers: {"id", "provider", "model"}."""
        return self._transcript.about

    async def send(self, prompt: Prompt) -> Json:
        """Run one turn; its events go to the page, `end` last. Returns {"text", "finishReason",
        "object"?}, the object if the prompt has a schema. A prompt that takes the place of another message
        has its pictures and its schema where it has none.

        Raises AlcoveError `busy`, `bad-request`, `unsupported` for pictures that the session's plan cannot
        take, and whatever the turn raises.
        """
        with self._one_turn():
            before: list[Message] | None = None
            if prompt.instead is not None:
                prompt, before = await self._instead(prompt, prompt.instead)
            if not prompt.text.strip() and not prompt.attached:
                raise AlcoveError("bad-request", "The message is empty.", action="Write something first.")
            foreign = self._coordinator.get_capability(OUTCOME) is None
            if prompt.schema and foreign:
                raise AlcoveError("unsupported", "This conversation's orchestrator knows no schemas.")
            documents = self._documents.ids if prompt.documents is None else prompt.documents
            if documents and foreign and DOCUMENTS_TOOL not in self._coordinator.get("tools"):
                raise AlcoveError(
                    "unsupported",
                    "This conversation's orchestrator takes no documents.",
                    action=f'Give it the tool "{DOCUMENTS_TOOL}", or use the orchestrator "loop-alcove".',
                )
            self._documents.ids = documents
            if before is not None:
                await self._coordinator.get("context").set_messages(before)
            return await self._run(prompt)

    async def _instead(self, prompt: Prompt, number: int) -> tuple[Prompt, list[Message]]:
        """`prompt` in the place of the person's message `number`, whose pictures, files and schema it has
        where it has none; and what stands before that message."""
        messages = await self._coordinator.get("context").get_messages()
        asked = [i for i, message in enumerate(messages) if message["role"] == "user"]
        if number >= len(asked):
            raise AlcoveError("bad-request", "There is no such message.", action="Send it as a new one.")
        at = asked[number]
        before = Prompt.of(messages[at])
        return (
            Prompt(
                prompt.text,
                prompt.pictures or before.pictures,
                prompt.files or before.files,
                prompt.schema or before.schema,
                prompt.documents,
            ),
            messages[:at],
        )

    async def retry(self) -> Json:
        """Drop everything after the last question and run that again, without what was said while it ran;
        returns what `send` returns."""
        with self._one_turn():
            context = self._coordinator.get("context")
            messages = await context.get_messages()
            last = last_question(messages)
            if last == len(messages):
                raise AlcoveError(
                    "bad-request", "There is nothing to try again.", action="Write something first."
                )
            prompt = Prompt.of(messages[last])
            await context.set_messages(messages[:last])
            self._coordinator.register_capability(VARIATION, RETRY_SAMPLING)
            try:
                return await self._run(prompt)
            finally:
                self._coordinator.register_capability(VARIATION, None)

    async def go_on(self) -> Json:
        """Go on with an answer that broke off, or answer a question that has none; returns what `send` does.

        The text of an answer that goes on is one with what is new of it; one under a schema begins anew, and
        a notice says so. Raises AlcoveError `unsupported` if the session's orchestrator always wants a
        message.
        """
        with self._one_turn():
            if not (messages := await self.history()):
                raise AlcoveError(
                    "bad-request", "There is nothing to go on with.", action="Write something first."
                )
            if self._coordinator.get_capability(OUTCOME) is None:
                raise AlcoveError("unsupported", "This conversation's orchestrator cannot go on by itself.")
            asked = messages[last_question(messages) :]
            schema = Prompt.of(asked[0]).schema if asked else None
            last = messages[-1]
            half = last["role"] == "assistant" and not last.get("tool_calls") and text_of(last).strip()
            if schema and half:
                text = "Half an object cannot be gone on with: the answer begins anew."
                self._page.emit({"type": "notice", "level": "info", "text": text})
            self._coordinator.register_capability(GOING_ON, True)
            try:
                return await self._run(Prompt(text_of(last) or "Go on.", schema=schema))
            finally:
                self._coordinator.register_capability(GOING_ON, False)

    async def replace(self, messages: list[Message]) -> None:
        """Put `messages`, which are kept already, in the place of the conversation's; no turn may run."""
        with self._one_turn():
            await self._coordinator.get("context").set_messages(messages)
            self._transcript.assume(messages)
            self._files.note(messages, title_of(messages))  # what was deleted goes from the disk too

    async def keep(self) -> None:
        """Save the whole conversation: what was kept of it is lost."""
        self._transcript.resend(await self.history())
        await self._transcript.flush(_SAVE_TIMEOUT)

    async def cancel(self, *, immediate: bool) -> bool:
        """Stop the running turn, at once or after the current tool or answer. False if none runs."""
        if self._turn is None:
            return False
        await self._coordinator.request_cancel(immediate)
        if isinstance(self._approvals, PageApprovals):
            self._approvals.cancel()
        await self._coordinator.cancellation.trigger_callbacks()
        return True

    def steer(self, text: str) -> None:
        """Tell the model something before the running turn's next step; a `steered` event says that it was.

        Raises AlcoveError `bad-request` if no turn runs or it is empty, `busy` if too much waits already.
        """
        if self._turn is None:
            raise AlcoveError("bad-request", "No answer is being written.", action="Send it as a message.")
        try:
            self._coordinator.get_capability(STEER)(text)
        except ValueError as error:
            raise AlcoveError("bad-request", str(error), action="Write something first.") from error
        except RuntimeError as error:
            raise AlcoveError("busy", str(error), action="Wait for the answer.") from error

    def respond(self, approval_id: str, option: str) -> None:
        """Answer an `approval` event.

        Raises AlcoveError (bad-request) if it is not open or has no such option.
        """
        if not isinstance(self._approvals, PageApprovals):
            raise AlcoveError("bad-request", "This conversation asks for no approvals.")
        self._approvals.respond(approval_id, option)

    async def history(self) -> list[Message]:
        """All messages, in the shape that `py_app/message.py` describes."""
        return await self._agents.history()

    def tools(self) -> list[Json]:
        """What somebody outside may use: `OutsideCalls.tools`."""
        return self._outside.tools()

    async def use_tool(self, name: str, arguments: Json) -> Json:
        """Run a tool for somebody outside: `OutsideCalls.call`. Raises AlcoveError `busy` in a turn."""
        with self._one_turn():
            return await self._outside.call(name, arguments)

    def activity(self) -> list[Json]:
        """Every event of Amplifier since the conversation was opened here (see `Activity.entries`)."""
        return self._activity.entries()

    async def close(self, *, discard: bool = False) -> None:
        """Stop a running turn and free everything; with `discard` the session's files are deleted."""
        self._closed = True
        if self._turn is not None:
            turn = self._turn
            await self.cancel(immediate=True)
            await asyncio.wait({turn}, timeout=_CLOSE_TIMEOUT)
        await self._transcript.flush(_SAVE_TIMEOUT)
        await self._session.cleanup()
        if discard:
            self._files.discard()
        self._files.close()

    # --- one turn ----------------------------------------------------------------------------------------

    @contextmanager
    def _one_turn(self) -> Generator[None]:
        """Mark the conversation as busy, with a fresh cancellation token, for one turn."""
        if self._closed:
            raise AlcoveError("bad-request", "This conversation is closed.", action="Open it again.")
        if self._turn is not None:
            raise AlcoveError("busy", "An answer is still being written.")
        turn = self._turn = asyncio.get_running_loop().create_future()
        self._coordinator.cancellation.reset()
        self._coordinator.reset_turn()
        try:
            yield
        finally:
            self._turn = None
            turn.set_result(None)

    async def _on_agent(self) -> None:
        """A sub-agent has said or done something."""
        self._transcript.update(await self.history())

    async def _run(self, prompt: Prompt) -> Json:
        while self._untold:
            lost = self._untold.pop(0)
            text = f"This agent goes on without {lost['module']}: {lost['reason']}."
            self._page.emit({"type": "notice", "level": "warning", "text": text})
        attach(self._coordinator, prompt.attached)
        self._coordinator.register_capability(ANSWER_SCHEMA, prompt.schema)
        try:
            try:
                text = await self._execute(prompt.text)
            finally:
                await self._agents.end_turn()
        except asyncio.CancelledError:
            await self._save()
            raise
        except Exception as error:
            cause = self._outcome().error or error
            await self._save()
            raise cause from None
        finally:
            self._coordinator.register_capability(ANSWER_SCHEMA, None)
        outcome = self._outcome()
        end = {"text": text, "finishReason": outcome.finish_reason, **outcome.more}
        self._page.emit({"type": "end", **end})
        await self._save()  # the turn itself ends when its transcript is kept
        return end

    async def _execute(self, prompt: str) -> str:
        """The kernel does not hand a task's cancellation on to the orchestrator, so it becomes a cancel of
        ours."""
        running = asyncio.ensure_future(self._session.execute(prompt))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await self.cancel(immediate=True)
            await asyncio.wait({running}, timeout=_CLOSE_TIMEOUT)
            raise

    def _outcome(self) -> Outcome:
        """How the turn ended; worked out from the token for orchestrators that do not say."""
        outcome: Outcome | None = self._coordinator.get_capability(OUTCOME)
        if outcome is None:
            outcome = Outcome("cancelled" if self._coordinator.cancellation.is_cancelled else "stop")
        return outcome

    async def _save(self) -> None:
        await self._note()
        await self._transcript.flush(_SAVE_TIMEOUT)

    async def _note(self) -> None:
        messages = await self.history()
        self._transcript.update(messages, self._cost)
        self._files.note(messages, title_of(messages))

    async def _on_cost(self, event: str, data: Json) -> HookResult:
        if usage := self._usage.take(event, data):
            self._cost = figures_of(usage)
        return _CONTINUE

    async def _on_progress(self, event: str, data: Json) -> HookResult:
        await self._note()
        if event == TOOL_PRE:  # what a tool does cannot be undone: that it was called is kept first
            await self._transcript.flush(_SAVE_TIMEOUT)
        return _CONTINUE


def _secrets(provider_config: Json) -> list[str]:
    return [provider_config[name] for name in ("api_key", "apiKey") if provider_config.get(name)]
