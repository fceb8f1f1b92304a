"""A network like BERT in TVM's nn, with our own kernels, as WebLLM's EmbeddingPipeline calls it."""

from tvm import te, tirx
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op

from build_steps.webllm.shape import EncoderShape

from .encoder_kernels import attention, layer_norm, unit_rows
from .llama import Matrix

_STEEP = 1.702


class Norm(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        self.kernel = layer_norm(shape.hidden, shape.epsilon)
        self.weight = nn.Parameter((shape.hidden,), "float32")
        self.bias = nn.Parameter((shape.hidden,), "float32")

    def forward(self, x: Tensor) -> Tensor:
        out = Tensor.placeholder(x.shape, "float32")
        return op.tensor_ir_op(self.kernel, "layer_norm", [x, self.weight, self.bias], out)


class Layer(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        self.shape = shape
        self.qkv = Matrix(shape.hidden, 3 * shape.hidden, "f32")
        self.out = Matrix(shape.hidden, shape.hidden, "f32")
        self.up = Matrix(shape.hidden, shape.inner, "f32")
        self.down = Matrix(shape.inner, shape.hidden, "f32")
        self.norm_attention = Norm(shape)
        self.norm_inner = Norm(shape)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` [1, texts * tokens, hidden]: only attention cares which text a row is of."""
        heads, width = self.shape.heads, self.shape.hidden // self.shape.heads
        qkv = op.reshape(self.qkv(x), (*mask.shape, 3, heads, width))
        out = Tensor.placeholder((*mask.shape, heads, width), "float32")
        mixed = op.tensor_ir_op(attention(heads, width), "attention", [qkv, mask], out)
        x = self.norm_attention(self.out(op.reshape(mixed, x.shape), x))
        up = op.tensor_expr_op(_gelu, "gelu", [self.up(x)])
        return self.norm_inner(self.down(up, x))


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
        self.norm = Norm(shape)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])

    def prefill(self, inputs: Tensor, attention_mask: Tensor):
        """Ids and mask [texts, tokens] → [texts, tokens, hidden], length 1; WebLLM takes the first."""
        texts, tokens = inputs.shape
        hidden = self.shape.hidden
        x = op.tensor_expr_op(self._look_up, "look_up", [inputs, self.tokens, self.positions])
        x = self.norm(op.reshape(x, (1, texts * tokens, hidden)))
        for layer in self.layers:
            x = layer(x, attention_mask)
        out = Tensor.placeholder(x.shape, "float32")
        x = op.tensor_ir_op(unit_rows(hidden), "unit_rows", [x], out)
        return op.reshape(x, (texts, tokens, hidden))

    def _look_up(self, ids, table, positions):
        shape = (*ids.shape, self.shape.hidden)
        return te.compute(shape, lambda b, i, c: table[ids[b, i], c] + positions[i, c], name="look_up")


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
