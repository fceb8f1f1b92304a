"""Sizes of the networks that we compile for WebLLM: for compiler, converter and tests alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LlamaShape:
    """
    One network. `matrices` and `embedding` say how weights lie on the GPU: "f32", or "q4_1" and "q8_0" as in
    GGUF, regrouped (weights.py). The embedding is the output projection too.
    """

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_width: int
    inner: int
    rope_theta: int
    epsilon: float
    context: int
    chunk: int
    """Most tokens of one prefill step."""
    matrices: str
    embedding: str

    @property
    def qkv(self) -> int:
        """Columns of the fused query, key and value projection."""
        return (self.heads + 2 * self.kv_heads) * self.head_width

    @property
    def state_bytes(self) -> int:
        """Bytes of the KV cache (f32) over the whole context."""
        return self.layers * 2 * self.kv_heads * self.head_width * 4 * self.context

    def matrix_shapes(self) -> dict[str, tuple[int, int, str]]:
        """Name → (inputs, outputs, kind) of each matrix, by the names that the compiled library uses."""
        shapes = {"embedding": (self.hidden, self.vocabulary, self.embedding)}
        for layer in range(self.layers):
            shapes |= {
                f"layers.{layer}.qkv": (self.hidden, self.qkv, self.matrices),
                f"layers.{layer}.out": (self.heads * self.head_width, self.hidden, self.matrices),
                f"layers.{layer}.gate_up": (self.hidden, 2 * self.inner, self.matrices),
                f"layers.{layer}.down": (self.inner, self.hidden, self.matrices),
            }
        return shapes


@dataclass(frozen=True)
class EncoderShape:
    """A network like BERT, with f32 weights: all tokens of a text see each other; the first is its vector."""

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    context: int
    batch: int
    """Most texts of one step."""

    @property
    def state_bytes(self) -> int:
        """Bytes (f32) of the largest step: what is known of each token at once."""
        return 4 * self.batch * self.context * (6 * self.hidden + self.inner)

    def matrix_shapes(self) -> dict[str, tuple[int, int]]:
        """Name → (inputs, outputs) of each matrix, by the names that the compiled library uses."""
        shapes: dict[str, tuple[int, int]] = {}
        for layer in range(self.layers):
            shapes |= {
                f"layers.{layer}.qkv": (self.hidden, 3 * self.hidden),
                f"layers.{layer}.out": (self.hidden, self.hidden),
                f"layers.{layer}.up": (self.hidden, self.inner),
                f"layers.{layer}.down": (self.inner, self.hidden),
            }
        return shapes

    def norm_names(self) -> list[str]:
        """Each has a `weight` and a `bias`."""
        parts = [f"layers.{i}.norm_{part}" for i in range(self.layers) for part in ("attention", "inner")]
        return ["norm", *parts]


TINY_CHAT = LlamaShape(
    vocabulary=512,
    hidden=128,
    layers=2,
    heads=4,
    kv_heads=2,
    head_width=32,
    inner=256,
    rope_theta=10_000,
    epsilon=1e-5,
    context=2048,
    chunk=256,
    matrices="f32",
    embedding="f32",
)

SMOLLM2_135M = LlamaShape(
    vocabulary=49_152,
    hidden=576,
    layers=30,
    heads=9,
    kv_heads=3,
    head_width=64,
    inner=1536,
    rope_theta=100_000,
    epsilon=1e-5,
    context=4096,
    chunk=256,
    matrices="q4_1",
    embedding="q8_0",
)

SHAPES = {"tiny-chat-webllm": TINY_CHAT, "smollm2-135m-instruct-webllm": SMOLLM2_135M}

TINY_EMBED = EncoderShape(
    vocabulary=512,
    hidden=64,
    layers=2,
    heads=4,
    inner=128,
    epsilon=1e-5,
    context=256,
    batch=8,
)

ENCODERS = {"tiny-embed-webllm": TINY_EMBED}
