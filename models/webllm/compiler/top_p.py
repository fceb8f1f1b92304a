"""Sampling from sorted probabilities."""

from tvm.script import tirx as T  # noqa: N812

from .matmul import SCHEDULED


def sample_top_p(vocabulary: int):
    """
    (probabilities, tokens, both sorted; a uniform number and a row for each sample; top_p of each row) →
    tokens.
    The nucleus is the shortest prefix that weighs at least top_p, and never empty.
    """

    @T.prim_func(private=True, s_tir=True)
    def kernel(
        probabilities_h: T.handle,
        tokens_h: T.handle,
        uniform_h: T.handle,
        rows_h: T.handle,
        top_p_h: T.handle,
        out_h: T.handle,
    ):
        T.func_attr(SCHEDULED)
        batch, n = T.int32(), T.int32()
        probabilities = T.match_buffer(probabilities_h, (batch, vocabulary), "float32")
        tokens = T.match_buffer(tokens_h, (batch, vocabulary), "int32")
        uniform = T.match_buffer(uniform_h, (n,), "float32")
        rows = T.match_buffer(rows_h, (n,), "int32")
        top_p = T.match_buffer(top_p_h, (batch,), "float32")
        out = T.match_buffer(out_h, (n,), "int32")
        for sample in T.thread_binding(n, thread="blockIdx.x"):
            for thread in T.thread_binding(1, thread="threadIdx.x"):  # noqa: B007
                with T.sblock("sample_top_p"):
                    i = T.axis.spatial(n, sample)
                    T.reads(
                        probabilities[0:batch, 0:vocabulary],
                        tokens[0:batch, 0:vocabulary],
                        uniform[i],
                        rows[i],
                        top_p[0:batch],
                    )
                    T.writes(out[i])
                    total = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    mass = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    index = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    total[0] = T.float32(0)
                    index[0] = 0
                    while index[0] < vocabulary and total[0] < top_p[rows[i]]:
                        total[0] = total[0] + probabilities[rows[i], index[0]]
                        index[0] = index[0] + 1
                    mass[0] = total[0]
                    total[0] = T.float32(0)
                    index[0] = 0
                    out[i] = tokens[rows[i], 0]
                    while index[0] < vocabulary and total[0] <= uniform[i] * mass[0]:
                        total[0] = total[0] + probabilities[rows[i], index[0]]
                        out[i] = tokens[rows[i], index[0]]
                        index[0] = index[0] + 1

    return kernel
