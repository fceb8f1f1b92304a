"""Model capabilities, which amplifier_core takes from its engine; the engine's stub leaves them out."""

TOOLS: str
STREAMING: str
THINKING: str
VISION: str
JSON_MODE: str
FAST: str
CODE_EXECUTION: str
WEB_SEARCH: str
DEEP_RESEARCH: str
LOCAL: str
AUDIO: str
IMAGE_GENERATION: str
COMPUTER_USE: str
EMBEDDINGS: str
LONG_CONTEXT: str
BATCH: str
ALL_WELL_KNOWN_CAPABILITIES: list[str]
