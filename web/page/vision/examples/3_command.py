"""Image-based command.

Shows an agent what the camera sees, or a picture command.png, and lets it act on that with a tool: a lamp.
"""

from pathlib import Path

from py_app.pictures import attach, picture_block
from py_app.session import open_session
from py_app.vision import capture

COLOURS = ["red", "orange", "yellow", "green", "blue", "purple"]


class Lamp:
    """An Amplifier tool."""

    name = "set_lamp"
    description = "Set the lamp."
    side_effects = False

    def __init__(self):
        self.colour = "off"
        self.input_schema = {
            "type": "object",
            "properties": {"colour": {"enum": COLOURS}},
            "required": ["colour"],
            "additionalProperties": False,
        }

    async def execute(self, arguments):
        self.colour = arguments["colour"]
        print(f"The lamp is {self.colour} now.")
        return {"lamp": self.colour}


lamp = Lamp()
picture = Path("command.png").read_bytes() if Path("command.png").exists() else await capture("camera")
session = await open_session(
    {
        # The first step must be a call, and nothing needs to be said about it.
        "session": {
            "orchestrator": {
                "module": "loop-alcove",
                "config": {"tool_choice": "required", "max_iterations": 1},
            }
        },
        "providers": [{"module": "provider-llamacpp", "config": {"temperature": 0, "max_tokens": 48}}],
    }
)
await session.coordinator.mount("tools", lamp, name=lamp.name)
attach(session.coordinator, [picture_block(picture)])
try:
    await session.execute("Set the lamp to the colour that is in the picture.")
finally:
    await session.cleanup()

# A model that reads text only was told what the vision model saw.
asked = (await session.coordinator.get("context").get_messages())[0]
print(f"The picture: {asked['content'][0].get('description', 'seen by the model itself')}")
lamp.colour
