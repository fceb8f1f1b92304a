"""The paged KV cache of TVM's runtime, with the kernels that one conversation at a time can reach."""

import tvm
from tvm import relax
from tvm.relax.frontend.nn.llm import kv_cache as kernels

from build_steps.webllm.shape import LlamaShape

from .attention_merge import merge_attention

_PAGES_OF_AUXILIARY_DATA = 1024


def create_kv_cache(shape: LlamaShape, target, sizes: list) -> kernels.PagedKVCache:
    """
    Emits the call that makes the cache. `sizes` are max_batch_size, max_total_seq_len, prefill_chunk_size,
    page_size and support_sliding_window as WebLLM passes them.

    WebLLM keeps one sequence and our models have no sliding window: the slots of other kernels repeat one
    that is there, which keeps them out of the library (TVM's own TIRPagedKVCache brings them all).
    """
    builder = relax.BlockBuilder.current()
    heads, kv_heads, width, dtype = shape.heads, shape.kv_heads, shape.head_width, "float32"
    page_size = sizes[3]

    def add(kernel, name: str):
        return builder.add_func(kernel, name)

    def tir(kernel):
        return relax.Tuple([tvm.ir.StringImm("tirx"), kernel])

    append = add(kernels._kv_cache_transpose_append(kv_heads, width, dtype), "kv_append")
    ragged = tir(
        add(
            kernels._attention_prefill_ragged(kv_heads, heads, width, width, dtype, {}, target),
            "attention_ragged",
        )
    )
    prefill = tir(
        add(kernels._attention_prefill(kv_heads, heads, width, dtype, False, {}, target), "attention_prefill")
    )
    decode = tir(
        add(kernels._attention_decode(kv_heads, heads, width, dtype, False, {}, target), "attention_decode")
    )
    merge = add(merge_attention(heads, width), "attention_merge")
    rope = add(
        kernels.llama_rope_with_position_map(shape.rope_theta, 1, width, heads, kv_heads, dtype, {}, width),
        "rope",
    )
    copy_page = add(kernels._copy_single_page(kv_heads, page_size, width, dtype, target), "copy_page")
    debug = add(kernels._kv_cache_debug_get_kv(shape.layers, kv_heads, width, dtype), "debug_kv")
    compact = add(kernels._compact_kv_copy(kv_heads, width, dtype, target), "compact_kv")

    value = relax.prim_value
    arguments = [
        relax.ShapeExpr([*sizes, _PAGES_OF_AUXILIARY_DATA]),
        relax.ShapeExpr([0, shape.layers]),
        value(heads),
        value(kv_heads),
        value(width),
        value(width),
        relax.ShapeExpr([int(kernels.AttnKind.MHA)] * shape.layers),
        value(False),
        value(int(kernels.RopeMode.NORMAL)),
        value(1),
        value(shape.rope_theta),
        value(0),  # no factors of an extended RoPE
        relax.op.zeros((), dtype),
        append,
        append,  # MLA
        ragged,
        prefill,
        decode,
        prefill,  # sliding window
        decode,  # sliding window
        prefill,  # tree attention
        ragged,  # tree attention
        relax.Tuple([]),
        relax.Tuple([merge]),
        rope,
        copy_page,
        debug,
        compact,
    ]
    call = relax.call_pure_packed(
        "vm.builtin.paged_attention_kv_cache_create", *arguments, ty_args=relax.AnyType()
    )
    return kernels.PagedKVCache(_expr=call, _name="paged_kv_cache")
