"""
Kernels of an encoder: attention of whole texts, and what is done row by row. One thread has one row to
itself: the rows are short, and threads that wait for each other are slow on Chromium's software adapter.
"""

from tvm.script import tirx as T  # noqa: N812

from .matmul import SCHEDULED

_THREADS = 64
_LOWEST = -1e30


def attention(heads: int, width: int):
    """
    (queries, keys and values [texts, tokens, 3, heads, width]; mask [texts, tokens]) →
    [texts, tokens, heads, width]. Padding, whose mask is 0, is seen by none. The softmax is taken while the
    keys go by.
    """

    @T.prim_func(private=True, s_tir=True)
    def kernel(qkv_h: T.handle, mask_h: T.handle, out_h: T.handle):
        texts, tokens = T.int32(), T.int32()
        qkv = T.match_buffer(qkv_h, (texts, tokens, 3, heads, width), "float32")
        mask = T.match_buffer(mask_h, (texts, tokens), "int32")
        out = T.match_buffer(out_h, (texts, tokens, heads, width), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((texts * tokens * heads + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("attention"):
                    b = T.axis.spatial(texts, (x * _THREADS + t) // (tokens * heads))
                    i = T.axis.spatial(tokens, (x * _THREADS + t) // heads % tokens)
                    h = T.axis.spatial(heads, (x * _THREADS + t) % heads)
                    T.where(x * _THREADS + t < texts * tokens * heads)
                    T.reads(qkv[b, 0:tokens, 0:3, h, 0:width], mask[b, 0:tokens])
                    T.writes(out[b, i, h, 0:width])
                    query = T.sblock_alloc_buffer((width,), "float32", scope="local")
                    total = T.sblock_alloc_buffer((width,), "float32", scope="local")
                    most = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    score = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    weight = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    kept = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    added = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    most[0] = T.float32(_LOWEST)
                    weight[0] = T.float32(0)
                    for d in T.serial(width):
                        query[d] = qkv[b, i, 0, h, d] * T.float32(width**-0.5)
                        total[d] = T.float32(0)
                    for j in T.serial(tokens):
                        if mask[b, j] > 0:
                            score[0] = T.float32(0)
                            for d in T.serial(width):
                                score[0] = score[0] + query[d] * qkv[b, j, 1, h, d]
                            kept[0] = T.exp(most[0] - T.max(most[0], score[0]))
                            added[0] = T.exp(score[0] - T.max(most[0], score[0]))
                            most[0] = T.max(most[0], score[0])
                            weight[0] = weight[0] * kept[0] + added[0]
                            for d in T.serial(width):
                                total[d] = total[d] * kept[0] + added[0] * qkv[b, j, 2, h, d]
                    for d in T.serial(width):
                        out[b, i, h, d] = total[d] / weight[0]

    return kernel


def layer_norm(hidden: int, epsilon: float):
    """(rows [1, n, hidden], weight, bias) → the rows with mean 0 and variance 1, times weight, plus bias."""

    @T.prim_func(private=True, s_tir=True)
    def kernel(rows_h: T.handle, weight_h: T.handle, bias_h: T.handle, out_h: T.handle):
        n = T.int32()
        rows = T.match_buffer(rows_h, (1, n, hidden), "float32")
        weight = T.match_buffer(weight_h, (hidden,), "float32")
        bias = T.match_buffer(bias_h, (hidden,), "float32")
        out = T.match_buffer(out_h, (1, n, hidden), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("layer_norm"):
                    i = T.axis.spatial(n, x * _THREADS + t)
                    T.where(x * _THREADS + t < n)
                    T.reads(rows[0, i, 0:hidden], weight[0:hidden], bias[0:hidden])
                    T.writes(out[0, i, 0:hidden])
                    mean = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    spread = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    mean[0] = T.float32(0)
                    spread[0] = T.float32(0)
                    for k in T.serial(hidden):
                        mean[0] = mean[0] + rows[0, i, k]
                    mean[0] = mean[0] / T.float32(hidden)
                    for k in T.serial(hidden):
                        spread[0] = spread[0] + (rows[0, i, k] - mean[0]) * (rows[0, i, k] - mean[0])
                    spread[0] = T.sqrt(spread[0] / T.float32(hidden) + T.float32(epsilon))
                    for k in T.serial(hidden):
                        out[0, i, k] = (rows[0, i, k] - mean[0]) / spread[0] * weight[k] + bias[k]

    return kernel


def unit_rows(hidden: int):
    """Rows [1, n, hidden] → the same rows with length 1."""

    @T.prim_func(private=True, s_tir=True)
    def kernel(rows_h: T.handle, out_h: T.handle):
        n = T.int32()
        rows = T.match_buffer(rows_h, (1, n, hidden), "float32")
        out = T.match_buffer(out_h, (1, n, hidden), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("unit_rows"):
                    i = T.axis.spatial(n, x * _THREADS + t)
                    T.where(x * _THREADS + t < n)
                    T.reads(rows[0, i, 0:hidden])
                    T.writes(out[0, i, 0:hidden])
                    length = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    length[0] = T.float32(0)
                    for k in T.serial(hidden):
                        length[0] = length[0] + rows[0, i, k] * rows[0, i, k]
                    length[0] = T.sqrt(length[0])
                    for k in T.serial(hidden):
                        out[0, i, k] = rows[0, i, k] / length[0]

    return kernel
