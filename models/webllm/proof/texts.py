"""What the proof makes SmolLM2 say, word for word: single answers, and a conversation of several turns."""

SYSTEM = "You answer questions in plain English."

ANSWERS = (
    (
        "What is the capital of France?",
        "The capital of France is Paris. It lies on the river Seine and has about two million inhabitants.",
    ),
    (
        "Why is the sky blue?",
        "The sky is blue because air molecules scatter short waves of sunlight more than long ones.",
    ),
    (
        "Write a Python function that adds two numbers.",
        "```python\ndef add(a, b):\n    return a + b\n```\nCall it like this: add(2, 3).",
    ),
    (
        "List three fruits.",
        "1. Apples, which keep well.\n2. Bananas, which are sweet.\n3. Cherries, 250 grams for $4.99.",
    ),
    (
        "Tell me the start of a story.",
        "Once upon a time, a small café in Zürich opened at 7:45 – nobody came, until a fox knocked.",
    ),
    (
        "Give me JSON with a name and an age.",
        '{"name": "Ada", "age": 36, "languages": ["English", "French"], "active": true}',
    ),
)

CONVERSATION = (
    ("Hello, my name is Ann.", "Hello Ann! How can I help you today?"),
    ("What is 12 plus 30?", "12 plus 30 is 42."),
    ("And what is my name?", "Your name is Ann."),
)


def prompt(turns: list[tuple[str, str]], question: str) -> str:
    """ChatML up to where the answer to `question` begins, after the `turns` before."""
    text = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n"
    for asked, answered in turns:
        text += f"<|im_start|>user\n{asked}<|im_end|>\n<|im_start|>assistant\n{answered}<|im_end|>\n"
    return f"{text}<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"


def messages(turns: list[tuple[str, str]], question: str) -> list[dict[str, str]]:
    """The same as OpenAI messages."""
    found = [{"role": "system", "content": SYSTEM}]
    for asked, answered in turns:
        found += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return [*found, {"role": "user", "content": question}]
