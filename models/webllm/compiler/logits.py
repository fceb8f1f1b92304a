"""
Kernels that change logits in place before sampling: grammar bitmask, logit bias, penalties. Their arguments
are those that WebLLM passes: `sequences` and `positions` say which row of [batch, vocabulary] a thing is for.
"""

from tvm.script import tirx as T  # noqa: N812

from .matmul import SCHEDULED

_THREADS = 64
_NEVER = -3.0e38  # a logit that softmax turns into 0, and no infinity


def bitmask(vocabulary: int):
    """Leaves only the tokens whose bit is set: 32 tokens a word, the lowest bit first."""
    words = (vocabulary + 31) // 32

    @T.prim_func(private=True, s_tir=True)
    def kernel(logits_h: T.handle, sequences_h: T.handle, mask_h: T.handle):
        batch, n = T.int32(), T.int32()
        logits = T.match_buffer(logits_h, (batch, vocabulary), "float32")
        sequences = T.match_buffer(sequences_h, (n,), "int32")
        mask = T.match_buffer(mask_h, (batch, words), "int32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n * vocabulary + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("bitmask"):
                    i = T.axis.spatial(n, (x * _THREADS + t) // vocabulary)
                    v = T.axis.spatial(vocabulary, (x * _THREADS + t) % vocabulary)
                    T.where(x * _THREADS + t < n * vocabulary)
                    logits[sequences[i], v] = T.if_then_else(
                        T.bitwise_and(T.shift_right(mask[sequences[i], v // 32], v % 32), 1) == 1,
                        logits[sequences[i], v],
                        T.float32(_NEVER),
                    )

    return kernel


def bias(vocabulary: int):
    """Adds `biases[i]` to token `tokens[i]` of row `positions[i]`."""

    @T.prim_func(private=True, s_tir=True)
    def kernel(logits_h: T.handle, positions_h: T.handle, tokens_h: T.handle, biases_h: T.handle):
        batch, n = T.int32(), T.int32()
        logits = T.match_buffer(logits_h, (batch, vocabulary), "float32")
        positions = T.match_buffer(positions_h, (n,), "int32")
        tokens = T.match_buffer(tokens_h, (n,), "int32")
        biases = T.match_buffer(biases_h, (n,), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("bias"):
                    i = T.axis.spatial(n, x * _THREADS + t)
                    T.where(x * _THREADS + t < n)
                    logits[positions[i], tokens[i]] = logits[positions[i], tokens[i]] + biases[i]

    return kernel


def penalty(vocabulary: int):
    """
    For each token that occurred: subtracts presence + count × frequency, then divides a positive logit by the
    repetition penalty and multiplies a negative one. `penalties` rows: presence, frequency, repetition.
    """

    @T.prim_func(private=True, s_tir=True)
    def kernel(
        logits_h: T.handle,
        sequences_h: T.handle,
        positions_h: T.handle,
        tokens_h: T.handle,
        counts_h: T.handle,
        penalties_h: T.handle,
    ):
        batch, m, n = T.int32(), T.int32(), T.int32()
        logits = T.match_buffer(logits_h, (batch, vocabulary), "float32")
        sequences = T.match_buffer(sequences_h, (m,), "int32")
        positions = T.match_buffer(positions_h, (n,), "int32")
        tokens = T.match_buffer(tokens_h, (n,), "int32")
        counts = T.match_buffer(counts_h, (n,), "int32")
        penalties = T.match_buffer(penalties_h, (m, 3), "float32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding((n + _THREADS - 1) // _THREADS, thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("penalty"):
                    i = T.axis.spatial(n, x * _THREADS + t)
                    T.where(x * _THREADS + t < n)
                    logits[sequences[positions[i]], tokens[i]] = logits[
                        sequences[positions[i]], tokens[i]
                    ] - (
                        penalties[positions[i], 0] + T.cast(counts[i], "float32") * penalties[positions[i], 1]
                    )
                    logits[sequences[positions[i]], tokens[i]] = T.if_then_else(
                        logits[sequences[positions[i]], tokens[i]] > T.float32(0),
                        logits[sequences[positions[i]], tokens[i]] / penalties[positions[i], 2],
                        logits[sequences[positions[i]], tokens[i]] * penalties[positions[i], 2],
                    )

    return kernel
