"""
Sorting the probabilities of the whole vocabulary, largest first, ties by token: ranks inside blocks of 64,
then merges, each of which finds an element's rank in the other runs by binary search. Exact, and O(V log V).
"""

from tvm.script import tirx as T  # noqa: N812

from .matmul import SCHEDULED

_THREADS = 64
_FIRST_BLOCK = 64
_RUNS_A_MERGE = 8
_MOST_RUNS = 16


def merge_levels(vocabulary: int) -> list[tuple[int, int]]:
    """(sorted run, run after the merge) of each merge. Raises ValueError where the runs do not fill it."""
    levels: list[tuple[int, int]] = []
    run = _FIRST_BLOCK
    while run < vocabulary:
        merged = vocabulary if vocabulary // run <= _MOST_RUNS else run * _RUNS_A_MERGE
        if vocabulary % merged or merged % run:
            raise ValueError(f"a vocabulary of {vocabulary} is no multiple of {merged}")
        levels.append((run, merged))
        run = merged
    return levels


def sort_blocks(vocabulary: int):
    """probabilities → (sorted within each block, their tokens)."""
    size = _FIRST_BLOCK

    @T.prim_func(private=True, s_tir=True)
    def kernel(probabilities_h: T.handle, values_h: T.handle, tokens_h: T.handle):
        batch = T.int32()
        probabilities = T.match_buffer(probabilities_h, (batch, vocabulary), "float32")
        values = T.match_buffer(values_h, (batch, vocabulary), "float32")
        tokens = T.match_buffer(tokens_h, (batch, vocabulary), "int32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding(batch * (vocabulary // _THREADS), thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("sort_blocks"):
                    b = T.axis.spatial(batch, (x * _THREADS + t) // vocabulary)
                    v = T.axis.spatial(vocabulary, (x * _THREADS + t) % vocabulary)
                    T.reads(probabilities[b, 0:vocabulary])
                    T.writes(values[b, 0:vocabulary], tokens[b, 0:vocabulary])
                    rank = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    rank[0] = v // size * size
                    for j in T.serial(size):
                        if probabilities[b, v // size * size + j] > probabilities[b, v] or (
                            probabilities[b, v // size * size + j] == probabilities[b, v] and j < v % size
                        ):
                            rank[0] = rank[0] + 1
                    values[b, rank[0]] = probabilities[b, v]
                    tokens[b, rank[0]] = v

    return kernel


def merge_runs(vocabulary: int, run: int, merged: int):
    """(values, tokens) sorted in runs of `run` → sorted in runs of `merged`."""
    steps = run.bit_length()
    runs = merged // run

    @T.prim_func(private=True, s_tir=True)
    def kernel(values_h: T.handle, tokens_h: T.handle, out_values_h: T.handle, out_tokens_h: T.handle):
        batch = T.int32()
        values = T.match_buffer(values_h, (batch, vocabulary), "float32")
        tokens = T.match_buffer(tokens_h, (batch, vocabulary), "int32")
        out_values = T.match_buffer(out_values_h, (batch, vocabulary), "float32")
        out_tokens = T.match_buffer(out_tokens_h, (batch, vocabulary), "int32")
        T.func_attr(SCHEDULED)
        for x in T.thread_binding(batch * (vocabulary // _THREADS), thread="blockIdx.x"):
            for t in T.thread_binding(_THREADS, thread="threadIdx.x"):
                with T.sblock("merge_runs"):
                    b = T.axis.spatial(batch, (x * _THREADS + t) // vocabulary)
                    v = T.axis.spatial(vocabulary, (x * _THREADS + t) % vocabulary)
                    T.reads(values[b, 0:vocabulary], tokens[b, v])
                    T.writes(out_values[b, 0:vocabulary], out_tokens[b, 0:vocabulary])
                    rank = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    low = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    step = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    rank[0] = v // merged * merged + v % run
                    for j in T.serial(runs):
                        if j != v % merged // run:
                            low[0] = 0
                            step[0] = run
                            for search in T.serial(steps):  # noqa: B007  a WGSL name cannot be "_"
                                if low[0] + step[0] <= run:  # noqa: SIM102  no read past the run
                                    if values[
                                        b, v // merged * merged + j * run + low[0] + step[0] - 1
                                    ] > values[b, v] or (
                                        values[b, v // merged * merged + j * run + low[0] + step[0] - 1]
                                        == values[b, v]
                                        and j < v % merged // run
                                    ):
                                        low[0] = low[0] + step[0]
                                step[0] = T.shift_right(step[0], 1)
                            rank[0] = rank[0] + low[0]
                    out_values[b, rank[0]] = values[b, v]
                    out_tokens[b, rank[0]] = tokens[b, v]

    return kernel
