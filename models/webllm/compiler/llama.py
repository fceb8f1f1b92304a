"""A Llama network in TVM's nn, with our own matrix products, as WebLLM calls it."""

from tvm import te, tirx
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op
from tvm.relax.frontend.nn.llm.kv_cache import PagedKVCache

from build_steps.webllm.shape import LlamaShape

from .kv_cache import create_kv_cache
from .matmul import FORMATS, Tile, float16_bits, matmul

_PREFILL = Tile(rows=4, columns=4)
# One token is too little work for a card unless the inputs are shared among many threads, which wait for one
# another. A processor in a card's place takes ten times as long with that, and has a tile of its own. On an
# NVIDIA H200 the products of a layer took 299 µs with the second tile, and 59 µs with the first.
_DECODE = Tile(rows=1, columns=1, slices=16)
_DECODE_IN_SOFTWARE = Tile(rows=1, columns=4)
_NAMES = {_PREFILL: "prefill", _DECODE: "decode", _DECODE_IN_SOFTWARE: "decode_in_software"}


class Matrix(nn.Module):
    """`x @ weights`, plus a residual where given; the weights may be packed."""

    def __init__(self, inputs: int, outputs: int, kind: str) -> None:
        self.inputs, self.outputs, self.kind = inputs, outputs, kind
        buffers = FORMATS[kind].buffers(inputs, outputs)
        self.weights = nn.Parameter(*buffers[0])
        if len(buffers) > 1:
            self.scales = nn.Parameter(*buffers[1])

    @property
    def packed(self) -> list[nn.Parameter]:
        return [self.weights] if self.kind == "f32" else [self.weights, self.scales]

    def forward(self, x: Tensor, residual: Tensor | None = None, *, tile: Tile) -> Tensor:
        rows = x.shape[1]
        kernel = matmul(self.kind, self.inputs, self.outputs, tile, residual=residual is not None)
        name = f"matmul_{self.kind}_{self.inputs}_{self.outputs}_{_NAMES[tile]}"
        added = [] if residual is None else [residual]
        return op.tensor_ir_op(
            kernel,
            name + ("_residual" if added else ""),
            [x, *self.packed, *added],
            Tensor.placeholder([1, rows, self.outputs], "float32"),
        )

    def rows(self, ids: Tensor) -> Tensor:
        """Columns of the matrix by index: [n] → [n, inputs]. How an embedding is looked up."""
        inputs = self.inputs

        def plain(ids, weights):
            return te.compute((ids.shape[0], inputs), lambda r, c: weights[c, ids[r]], name="embedding")

        def unpacked(ids, weights, scales):
            def value(r, c):
                word = tirx.shift_right(weights[c // 4, ids[r]], (c % 4 * 8).astype("uint32"))
                scale = tirx.shift_right(scales[c // 64, ids[r]], (c // 32 % 2 * 16).astype("uint32"))
                byte = tirx.bitwise_and(word, tirx.const(255, "uint32")).astype("float32")
                return float16_bits(scale) * (byte - tirx.const(128.0, "float32"))

            return te.compute((ids.shape[0], inputs), value, name="embedding")

        if self.kind not in ("f32", "q8_0"):
            raise ValueError(f"no look-up for {self.kind}")
        lookup = plain if self.kind == "f32" else unpacked
        return op.tensor_expr_op(lookup, "embedding", [ids, *self.packed])


class Layer(nn.Module):
    def __init__(self, shape: LlamaShape) -> None:
        self.shape = shape
        self.norm_attention = nn.RMSNorm(shape.hidden, -1, shape.epsilon, bias=False)
        self.norm_inner = nn.RMSNorm(shape.hidden, -1, shape.epsilon, bias=False)
        self.qkv = Matrix(shape.hidden, shape.qkv, shape.matrices)
        self.out = Matrix(shape.heads * shape.head_width, shape.hidden, shape.matrices)
        self.gate_up = Matrix(shape.hidden, 2 * shape.inner, shape.matrices)
        self.down = Matrix(shape.inner, shape.hidden, shape.matrices)

    def forward(self, x: Tensor, cache: PagedKVCache, index: int, *, tile: Tile) -> Tensor:
        shape, n = self.shape, x.shape[1]
        heads = shape.heads + 2 * shape.kv_heads
        qkv = op.reshape(self.qkv(self.norm_attention(x), tile=tile), (1, n, heads, shape.head_width))
        scale = shape.head_width**-0.5
        attended = cache.attention_with_fused_qkv(index, qkv, shape.heads, sm_scale=scale)
        x = self.out(op.reshape(attended, (1, n, shape.heads * shape.head_width)), x, tile=tile)
        gate_up = self.gate_up(self.norm_inner(x), tile=tile)
        return self.down(op.tensor_expr_op(self._swiglu, "swiglu", [gate_up]), x, tile=tile)

    def _swiglu(self, gate_up):
        inner = self.shape.inner

        def value(b, r, c):
            gate = gate_up[b, r, c]
            return gate / (tirx.const(1.0, "float32") + tirx.exp(-gate)) * gate_up[b, r, c + inner]

        return te.compute((1, gate_up.shape[1], inner), value, name="swiglu")


class Llama(nn.Module):
    """The functions that WebLLM looks for in a chat model, less the samplers (logits.py, top_p.py)."""

    def __init__(self, shape: LlamaShape, target) -> None:
        self.shape, self.target = shape, target
        self.embedding = Matrix(shape.hidden, shape.vocabulary, shape.embedding)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.norm = nn.RMSNorm(shape.hidden, -1, shape.epsilon, bias=False)

    def embed(self, input_ids: Tensor):
        return self.embedding.rows(input_ids)

    def prefill(self, x: Tensor, paged_kv_cache: PagedKVCache):
        """Logits [1, 1, vocabulary] after the last of n tokens."""
        hidden = self.shape.hidden

        def last(x):
            return te.compute((1, 1, hidden), lambda i, _, k: x[i, x.shape[1] - 1, k], name="last")

        x = op.tensor_expr_op(last, "last", [self._layers(x, paged_kv_cache, _PREFILL)])
        return self.embedding(self.norm(x), tile=_DECODE_IN_SOFTWARE), paged_kv_cache

    def decode(self, x: Tensor, paged_kv_cache: PagedKVCache):
        return self._decoded(x, paged_kv_cache, _DECODE)

    def decode_in_software(self, x: Tensor, paged_kv_cache: PagedKVCache):
        return self._decoded(x, paged_kv_cache, _DECODE_IN_SOFTWARE)

    def _decoded(self, x: Tensor, paged_kv_cache: PagedKVCache, tile: Tile):
        x = self._layers(x, paged_kv_cache, tile)
        return self.embedding(self.norm(x), tile=tile), paged_kv_cache

    def softmax_with_temperature(self, logits: Tensor, temperature: Tensor):
        scaled = logits / op.reshape(temperature, (temperature.shape[0], 1, 1))
        return op.softmax(scaled, axis=-1)

    def create_tir_paged_kv_cache(
        self,
        max_batch_size: tirx.Var,
        max_total_seq_len: tirx.Var,
        prefill_chunk_size: tirx.Var,
        page_size: tirx.Var,
        support_sliding_window: tirx.Var,
    ):
        sizes = [max_batch_size, max_total_seq_len, prefill_chunk_size, page_size, support_sliding_window]
        return create_kv_cache(self.shape, self.target, sizes)

    def _layers(self, x: Tensor, cache: PagedKVCache, tile: Tile) -> Tensor:
        for index, layer in enumerate(self.layers):
            x = layer(x, cache, index, tile=tile)
        return x


def export(shape: LlamaShape, target):
    """The network as an IRModule, and its parameters [(name, parameter)] in the order of passing."""
    packed = {"param_mode": "packed", "effect_mode": "none"}
    plain = {"param_mode": "none", "effect_mode": "none"}
    cache = nn.spec.Object(object_type=PagedKVCache)

    def tensor(*sizes, dtype: str = "float32"):
        return nn.spec.Tensor(list(sizes), dtype)

    functions = {
        "embed": {"input_ids": tensor("seq_len", dtype="int32"), "$": packed},
        "prefill": {"x": tensor(1, "seq_len", shape.hidden), "paged_kv_cache": cache, "$": packed},
        "decode": {"x": tensor(1, 1, shape.hidden), "paged_kv_cache": cache, "$": packed},
        "decode_in_software": {"x": tensor(1, 1, shape.hidden), "paged_kv_cache": cache, "$": packed},
        "softmax_with_temperature": {
            "logits": tensor("batch_size", 1, shape.vocabulary),
            "temperature": tensor("batch_size"),
            "$": plain,
        },
        "create_tir_paged_kv_cache": {
            "max_batch_size": int,
            "max_total_seq_len": int,
            "prefill_chunk_size": int,
            "page_size": int,
            "support_sliding_window": int,
            "$": plain,
        },
    }
    network = Llama(shape, target)
    with target:
        return network.export_tvm(nn.spec.ModuleSpec.from_raw(functions, network))
