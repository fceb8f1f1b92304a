"""Joining attention over the cached tokens with attention over the new ones."""

from tvm.script import tirx as T  # noqa: N812

from .matmul import SCHEDULED

_THREADS = 64


def merge_attention(heads: int, width: int):
    """
    (values [n, heads, width], log2 of their weights [n, heads], the same of the other part): merges the other
    part into the first.

    In place of TVM's own kernel, whose threads write the weight of a head while others may still have to read
    it: it goes wrong where fewer threads than `width` / 4 run in step, as on Chromium's software adapter.
    Here one thread has one head to itself.
    """

    @T.prim_func(s_tir=True)
    def kernel(values_h: T.handle, weights_h: T.handle, other_h: T.handle, other_weights_h: T.handle):
        n = T.int32()
        values = T.match_buffer(values_h, (n, heads, width), "float32")
        weights = T.match_buffer(weights_h, (n, heads), "float32")
        other = T.match_buffer(other_h, (n, heads, width), "float32")
        other_weights = T.match_buffer(other_weights_h, (n, heads), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n * heads + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("merge"):
                    i = T.axis.spatial(n, (x * _THREADS + t) // heads)
                    head = T.axis.spatial(heads, (x * _THREADS + t) % heads)
                    T.where(x * _THREADS + t < n * heads)
                    T.reads(
                        values[i, head, 0:width],
                        weights[i, head],
                        other[i, head, 0:width],
                        other_weights[i, head],
                    )
                    T.writes(values[i, head, 0:width], weights[i, head])
                    most = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    mine = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    theirs = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    most[0] = T.max(weights[i, head], other_weights[i, head])
                    mine[0] = T.exp2(weights[i, head] - most[0])
                    theirs[0] = T.exp2(other_weights[i, head] - most[0])
                    weights[i, head] = T.log2(mine[0] + theirs[0]) + most[0]
                    for j in T.serial(width):
                        values[i, head, j] = (
                            values[i, head, j] * mine[0] + other[i, head, j] * theirs[0]
                        ) / (mine[0] + theirs[0])

    return kernel.with_attr("global_symbol", "attention_merge")
