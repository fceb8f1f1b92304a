"""A network like BERT in TVM's nn, with our own matrix products, as WebLLM's EmbeddingPipeline calls it."""

from tvm import te, tirx
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op

from build_steps.webllm_shape import EncoderShape

from .llama import Matrix

_NEVER = -1e9
_STEEP = 1.702


class Layer(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        self.shape = shape
        self.qkv = Matrix(shape.hidden, 3 * shape.hidden, "f32")
        self.out = Matrix(shape.hidden, shape.hidden, "f32")
        self.up = Matrix(shape.hidden, shape.inner, "f32")
        self.down = Matrix(shape.inner, shape.hidden, "f32")
        self.norm_attention = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.norm_inner = nn.LayerNorm(shape.hidden, shape.epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` [1, texts * tokens, hidden]: the matrix products do not care which text a row is of."""
        texts, tokens = mask.shape
        qkv = op.reshape(self.qkv(x), (texts, tokens, 3, self.shape.hidden))
        odds = op.softmax(op.tensor_expr_op(self._scores, "scores", [qkv, mask]), axis=-1)
        mixed = op.tensor_expr_op(self._mixed, "mixed", [odds, qkv])
        x = self.norm_attention(self.out(op.reshape(mixed, x.shape), x))
        up = op.tensor_expr_op(_gelu, "gelu", [self.up(x)])
        return self.norm_inner(self.down(up, x))

    def _scores(self, qkv, mask):
        """[texts, heads, tokens, tokens]: how much each token looks at each other; padding is seen by none."""
        width = self.shape.hidden // self.shape.heads
        texts, tokens = mask.shape
        d = te.reduce_axis((0, width), "d")
        products = te.compute(
            (texts, self.shape.heads, tokens, tokens),
            lambda b, h, i, j: te.sum(qkv[b, i, 0, h * width + d] * qkv[b, j, 1, h * width + d], d),
            name="products",
        )
        scale = tirx.const(width**-0.5, "float32")

        def masked(b, h, i, j):
            return tirx.if_then_else(
                mask[b, j] > 0, products[b, h, i, j] * scale, tirx.const(_NEVER, "float32")
            )

        return te.compute(products.shape, masked, name="scores")

    def _mixed(self, odds, qkv):
        width = self.shape.hidden // self.shape.heads
        texts, _, tokens, _ = odds.shape
        j = te.reduce_axis((0, tokens), "j")
        return te.compute(
            (texts, tokens, self.shape.hidden),
            lambda b, i, c: te.sum(odds[b, c // width, i, j] * qkv[b, j, 2, c], j),
            name="mixed",
        )


def _gelu(x):
    """x · sigmoid(1.702 x), CLIP's shape of it: exp is all that it needs."""
    one, steep = tirx.const(1.0, "float32"), tirx.const(-_STEEP, "float32")
    return te.compute(x.shape, lambda *i: x(*i) / (one + tirx.exp(steep * x(*i))), name="gelu")


class Encoder(nn.Module):
    """The one function that WebLLM looks for in an embedding model."""

    def __init__(self, shape: EncoderShape) -> None:
        self.shape = shape
        self.tokens = nn.Parameter((shape.vocabulary, shape.hidden), "float32")
        self.positions = nn.Parameter((shape.context, shape.hidden), "float32")
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])

    def prefill(self, inputs: Tensor, attention_mask: Tensor):
        """Ids and mask [texts, tokens] → [texts, tokens, hidden], rows of length 1; WebLLM takes the first of each."""
        texts, tokens = inputs.shape
        hidden = self.shape.hidden
        x = op.tensor_expr_op(self._look_up, "look_up", [inputs, self.tokens, self.positions])
        x = self.norm(op.reshape(x, (1, texts * tokens, hidden)))
        for layer in self.layers:
            x = layer(x, attention_mask)
        return op.reshape(op.tensor_expr_op(self._unit, "unit", [x]), (texts, tokens, hidden))

    def _look_up(self, ids, table, positions):
        shape = (*ids.shape, self.shape.hidden)
        return te.compute(shape, lambda b, i, c: table[ids[b, i], c] + positions[i, c], name="look_up")

    def _unit(self, x):
        k = te.reduce_axis((0, self.shape.hidden), "k")
        squares = te.compute(x.shape[:2], lambda b, i: te.sum(x[b, i, k] * x[b, i, k], k), name="squares")
        return te.compute(x.shape, lambda b, i, c: x[b, i, c] / tirx.sqrt(squares[b, i]), name="unit")


def export(shape: EncoderShape, target):
    """The network as an IRModule, and its parameters [(name, parameter)] in the order of passing."""
    tensor = nn.spec.Tensor(["batch_size", "seq_len"], "int32")
    functions = {
        "prefill": {
            "inputs": tensor,
            "attention_mask": tensor,
            "$": {"param_mode": "packed", "effect_mode": "none"},
        }
    }
    network = Encoder(shape)
    with target:
        return network.export_tvm(nn.spec.ModuleSpec.from_raw(functions, network))
