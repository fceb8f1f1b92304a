"""Before a step: pictures that the answering model cannot see are described by one that can."""

from __future__ import annotations

from amplifier_core.interfaces import ContextManager, Provider

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.bridge import Page
from py_app.errors import AlcoveError
from py_app.message import Block, Message
from py_app.pictures import PICTURE_DESCRIBED, is_picture, pictures_of, sees, with_pictures

_PROMPT = "Describe this picture. If there is text in it, read it."
_MAX_TOKENS = 200
_NOTHING = "the vision model found no words for it"


class PictureDescriber:
    """Keeps the descriptions in the transcript, so that each picture is described once."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator

    async def prepare(self, context: ContextManager, provider: Provider) -> bool:
        """Describe every picture without a description, unless the model of `provider` sees for itself.

        Whether there was anything to describe. Raises AlcoveError if the vision model cannot be had or fails.
        """
        messages = await context.get_messages()
        pictured = with_pictures(messages)
        if all("description" in block for message in pictured for block in pictures_of(message)):
            return False
        page: Page | None = self._coordinator.get_capability(PAGE)
        if page is None or await sees(provider):
            return False
        sent = -1
        for place, message in enumerate(messages):
            for block in pictures_of(message):
                sent += message["role"] == "user"
                if "description" in block:
                    continue
                told = await _describe(page, block)
                message = messages[place] = _with(message, block, told)
                await context.set_messages(messages)  # kept even if the next one fails
                if message["role"] == "user":
                    about = {"picture": sent, "description": _words(told), "model": told["model"]}
                    await self._coordinator.hooks.emit(PICTURE_DESCRIBED, about)
        return True


async def _describe(page: Page, block: Block) -> Json:
    source = block["source"]
    if source.get("type") != "base64":
        raise AlcoveError(
            "unsupported", "The model cannot see, and a picture by address cannot be described."
        )
    picture = {"media_type": source.get("media_type") or "image/png", "data": source["data"]}
    return await page.see({"image": picture, "prompt": _PROMPT, "max_tokens": _MAX_TOKENS})


def _words(told: Json) -> str:
    return told["text"].strip() or _NOTHING


def _with(message: Message, block: Block, told: Json) -> Message:
    described = {**block, "description": _words(told), "described_by": told["model"]}
    content = [described if is_picture(other) and other is block else other for other in message["content"]]
    return {**message, "content": content}
