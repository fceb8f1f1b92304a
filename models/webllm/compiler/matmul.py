"""
Matrix products for WebGPU, written out as TVMScript: one thread computes a tile of rows × columns in
registers. Weights lie as [inputs / pack, outputs], so that neighbouring threads read neighbouring words.
Where there is one row only, a card would idle: there the inputs can be shared among slices of a workgroup.
"""

from dataclasses import dataclass
from functools import cache

import tvm.script
from tvm.script import tirx as T  # noqa: N812  TVM's own name for it

SCHEDULED = {"s_tir.is_scheduled": True, "tirx.is_scheduled": True, "tirx.noalias": True, "op_pattern": 8}


@dataclass(frozen=True)
class Format:
    """How the weights of a matrix are packed: `pack` to a word of `bits` each, in groups of 32 inputs."""

    pack: int
    bits: int
    inputs_per_scale: int
    """Inputs that one word of scales covers; 0 when there are none."""

    @property
    def mask(self) -> int:
        return (1 << self.bits) - 1

    def buffers(self, inputs: int, outputs: int) -> list[tuple[tuple[int, int], str]]:
        """Shape and dtype of the weights and, where there are any, of the scales."""
        if not self.inputs_per_scale:
            return [((inputs, outputs), "float32")]
        return [
            ((inputs // self.pack, outputs), "uint32"),
            ((inputs // self.inputs_per_scale, outputs), "uint32"),
        ]


FORMATS = {
    "f32": Format(pack=1, bits=32, inputs_per_scale=0),
    "q4_1": Format(pack=8, bits=4, inputs_per_scale=32),  # low half: scale, high half: minimum
    "q8_0": Format(pack=4, bits=8, inputs_per_scale=64),  # two scales; 128 is added to each weight
}


def float16_bits(word):
    """The half-precision number in the low 16 bits of a uint32 as float32. Not for NaN, infinity."""
    sign = T.shift_left(T.bitwise_and(word, T.uint32(0x8000)), T.uint32(16))
    rest = T.shift_left(T.bitwise_and(word, T.uint32(0x7FFF)), T.uint32(13))
    return T.reinterpret("float32", T.bitwise_or(sign, rest)) * T.float32(2.0**112)


def field(word, shift, mask):
    """The bits `mask` of `word >> shift` as a float32."""
    shifted = T.shift_right(word, T.uint32(shift)) if shift else word
    return T.cast(T.bitwise_and(shifted, T.uint32(mask)), "float32")


@dataclass(frozen=True)
class Tile:
    """What one thread computes, and how the threads of a workgroup share it."""

    rows: int
    """1 is for decoding, where there is no other row."""
    columns: int
    slices: int = 1
    """So many threads, at most, share the inputs of a column and add up what they have."""


@cache
def matmul(kind: str, inputs: int, outputs: int, tile: Tile, *, residual: bool):
    """
    PrimFunc (x [1, m, inputs], weights, scales unless f32, residual [1, m, outputs] if asked) →
    [1, m, outputs].
    """
    source = _Kernel(kind, inputs, outputs, tile, residual).source()
    names = {"T": T, "float16_bits": float16_bits, "field": field, "SCHEDULED": SCHEDULED}
    return tvm.script.from_source(source, extra_vars=names)


class _Kernel:
    def __init__(self, kind: str, inputs: int, outputs: int, tile: Tile, residual: bool) -> None:
        self.kind, self.format = kind, FORMATS[kind]
        self.inputs, self.outputs, self.rows, self.columns = inputs, outputs, tile.rows, tile.columns
        self.residual = residual
        self.groups = inputs // (8 if kind == "f32" else 32)
        self.slices = max(n for n in range(1, tile.slices + 1) if self.groups % n == 0)
        sizes = (64, 32, 16) if tile.slices == 1 else (16,)
        self.threads = max(size for size in sizes if outputs % (size * self.columns) == 0)
        self.lines: list[str] = []
        self.depth = 0

    def source(self) -> str:
        self._head()
        if self.kind == "f32":
            self._multiply_float()
        else:
            self._multiply_packed()
        self._store()
        return "\n".join(self.lines)

    def _put(self, *lines: str) -> None:
        self.lines += ["    " * self.depth + line for line in lines]

    def _head(self) -> None:
        buffers = self.format.buffers(self.inputs, self.outputs)
        names = ["weights", "scales"][: len(buffers)]
        handles = ["x", *names, *(["residual"] if self.residual else []), "out"]
        self._put("@T.prim_func(private=True, s_tir=True)")
        self._put(f"def kernel({', '.join(f'{name}_h: T.handle' for name in handles)}):")
        self.depth = 1
        self._put("m = T.int32()", f"x = T.match_buffer(x_h, (1, m, {self.inputs}), 'float32')")
        for name, (shape, dtype) in zip(names, buffers, strict=True):
            self._put(f"{name} = T.match_buffer({name}_h, {shape}, '{dtype}')")
        for name in handles[len(names) + 1 :]:
            self._put(f"{name} = T.match_buffer({name}_h, (1, m, {self.outputs}), 'float32')")
        blocks = self.outputs // (self.threads * self.columns)
        tall = "m" if self.rows == 1 else f"(m + {self.rows - 1}) // {self.rows}"
        self._put("T.func_attr(SCHEDULED)")
        for variable, extent, axis in (
            ("by", tall, "blockIdx.y"),
            ("bx", blocks, "blockIdx.x"),
            *([("ty", self.slices, "threadIdx.y")] if self.slices > 1 else []),
            ("tx", self.threads, "threadIdx.x"),
        ):
            self._put(f"for {variable} in T.thread_binding({extent}, thread='{axis}'):")
            self.depth += 1
        self._put("with T.sblock('matmul'):")
        self.depth += 1
        self._put(
            f"row_block = T.axis.spatial({tall}, by)",
            f"column_block = T.axis.spatial({blocks}, bx)",
            f"thread = T.axis.spatial({self.threads}, tx)",
            *([f"slice = T.axis.spatial({self.slices}, ty)"] if self.slices > 1 else []),
            f"T.reads(x[0, 0:m, 0:{self.inputs}])",
            f"T.writes(out[0, 0:m, 0:{self.outputs}])",
        )
        self._registers()
        self._put(f"column[0] = column_block * {self.threads * self.columns} + thread")
        if self.rows > 1:
            self._put(*(f"row[{r}] = T.min(row_block * {self.rows} + {r}, m - 1)" for r in range(self.rows)))
        self._put(*(f"acc[{i}] = T.float32(0)" for i in range(self.rows * self.columns)))

    def _registers(self) -> None:
        sizes = {"acc": self.rows * self.columns, "value": self.rows * 4, "weight": 4}
        if self.kind != "f32":
            sizes |= {"scale": self.columns, "least": self.columns}
            if self.rows == 1:
                sizes |= {"group": self.columns, "total": 1}
        for name, size in sizes.items():
            self._put(f"{name} = T.sblock_alloc_buffer(({size},), 'float32', scope='local')")
        if self.kind != "f32":
            self._put(f"word = T.sblock_alloc_buffer(({self.columns},), 'uint32', scope='local')")
        self._put("column = T.sblock_alloc_buffer((1,), 'int32', scope='local')")
        if self.slices > 1:
            size = self.slices * self.threads * self.columns
            self._put(f"sums = T.sblock_alloc_buffer(({size},), 'float32', scope='shared')")
        if self.rows > 1:
            self._put(f"row = T.sblock_alloc_buffer(({self.rows},), 'int32', scope='local')")

    def _row(self, r: int) -> str:
        return "row_block" if self.rows == 1 else f"row[{r}]"

    def _column(self, c: int) -> str:
        return f"column[0] + {c * self.threads}" if c else "column[0]"

    def _multiply_float(self) -> None:
        self._each_group()
        for j in range(8):
            self._put(*(f"value[{r}] = x[0, {self._row(r)}, step * 8 + {j}]" for r in range(self.rows)))
            for c in range(self.columns):
                self._put(f"weight[0] = weights[step * 8 + {j}, {self._column(c)}]")
                for r in range(self.rows):
                    into = f"acc[{r * self.columns + c}]"
                    self._put(f"{into} = {into} + weight[0] * value[{r}]")
        self.depth -= 1

    def _multiply_packed(self) -> None:
        words = 32 // self.format.pack
        self._each_group()
        for c in range(self.columns):
            self._load_scale(c)
        if self.rows == 1:
            self._put("total[0] = T.float32(0)")
            self._put(*(f"group[{c}] = T.float32(0)" for c in range(self.columns)))
        self._put(f"for part in T.serial({words}):")
        self.depth += 1
        for c in range(self.columns):
            self._put(f"word[{c}] = weights[step * {words} + part, {self._column(c)}]")
        for first in range(0, self.format.pack, 4):
            for r in range(self.rows):
                for j in range(4):
                    place = f"step * 32 + part * {self.format.pack} + {first + j}"
                    self._put(f"value[{r * 4 + j}] = x[0, {self._row(r)}, {place}]")
            if self.rows == 1:
                self._add_to_group(first)
            else:
                self._add_products(first)
        self.depth -= 1
        if self.rows == 1:
            for c in range(self.columns):
                self._put(f"acc[{c}] = acc[{c}] + (scale[{c}] * group[{c}] + least[{c}] * total[0])")
        self.depth -= 1

    def _each_group(self) -> None:
        """Neighbouring slices take neighbouring groups of inputs."""
        self._put(f"for turn in T.serial({self.groups // self.slices}):")
        self.depth += 1
        step = f"turn * {self.slices} + slice" if self.slices > 1 else "turn"
        self._put(f"step = T.meta_var({step})")

    def _load_scale(self, c: int) -> None:
        if self.kind == "q4_1":
            self._put(
                f"word[{c}] = scales[step, {self._column(c)}]",
                f"scale[{c}] = float16_bits(word[{c}])",
                f"least[{c}] = float16_bits(T.shift_right(word[{c}], T.uint32(16)))",
            )
            return
        shift = "T.cast(step % 2 * 16, 'uint32')"
        self._put(
            f"word[{c}] = T.shift_right(scales[step // 2, {self._column(c)}], {shift})",
            f"scale[{c}] = float16_bits(word[{c}])",
            f"least[{c}] = T.float32(-128) * scale[{c}]",
        )

    def _add_to_group(self, first: int) -> None:
        """One row: scale and minimum are applied once a group. Long expressions spare register traffic."""
        self._put("total[0] = total[0] + (value[0] + value[1] + value[2] + value[3])")
        for c in range(self.columns):
            products = [f"{self._field(c, first + j)} * value[{j}]" for j in range(4)]
            self._put(f"group[{c}] = group[{c}] + ({' + '.join(products)})")

    def _add_products(self, first: int) -> None:
        """Several rows share each unpacked weight."""
        for c in range(self.columns):
            for j in range(4):
                self._put(f"weight[{j}] = scale[{c}] * {self._field(c, first + j)} + least[{c}]")
            for r in range(self.rows):
                into = f"acc[{r * self.columns + c}]"
                products = [f"weight[{j}] * value[{r * 4 + j}]" for j in range(4)]
                self._put(f"{into} = {into} + ({' + '.join(products)})")

    def _field(self, c: int, index: int) -> str:
        return f"field(word[{c}], {index * self.format.bits}, {self.format.mask})"

    def _join_slices(self) -> None:
        """Each slice has the sum over its inputs; the first one adds them up and goes on."""
        width = self.threads * self.columns
        for c in range(self.columns):
            self._put(f"sums[slice * {width} + {c * self.threads} + thread] = acc[{c}]")
        self._put("T.tvm_storage_sync('shared')", "if slice == 0:")
        self.depth += 1
        for c in range(self.columns):
            others = [f"sums[{s * width + c * self.threads} + thread]" for s in range(1, self.slices)]
            self._put(f"acc[{c}] = acc[{c}] + ({' + '.join(others)})")

    def _store(self) -> None:
        if self.slices > 1:
            self._join_slices()
        depth = self.depth
        for r in range(self.rows):
            row = "row_block" if self.rows == 1 else f"row_block * {self.rows} + {r}"
            self.depth = depth
            if self.rows > 1:
                self._put(f"if {row} < m:")
                self.depth += 1
            for c in range(self.columns):
                place = f"[0, {row}, {self._column(c)}]"
                added = f" + residual{place}" if self.residual else ""
                self._put(f"out{place} = acc[{r * self.columns + c}]{added}")
