"""From a shape to a WebLLM model library: network, samplers, metadata, TVM's pipeline, the link."""

import json
from pathlib import Path

import tvm
from tvm import relax, tirx
from tvm.relax.backend.gpu_generic import pipeline as gpu
from tvm.s_tir import dlight

from build_steps.webllm.shape import EncoderShape, LlamaShape

from . import encoder, llama, logits, runtime, sort, top_p

# SwiftShader, which stands in for a GPU in tests, is 1.7 times faster without dlight's GEMV rule; our own
# kernels come scheduled anyway.
_RULES = (dlight.gpu.GeneralReduction(), dlight.gpu.Fallback())


def target() -> tvm.target.Target:
    """WebGPU with the least that WebGPU promises, run from plain WebAssembly."""
    host = {
        "kind": "llvm",
        "mtriple": "wasm32-unknown-unknown-wasm",
        "mcpu": "mvp",
        "mattr": ["+mutable-globals", "+sign-ext"],
    }
    return tvm.target.Target({"kind": "webgpu", "max_num_threads": 256}, host=host)


def compile_library(shape: LlamaShape | EncoderShape, output: Path, scratch: Path) -> None:
    """Writes the library (.wasm). `scratch` is a folder for what comes in between."""
    device = target()
    # `bounds` is what memory planning may assume.
    if isinstance(shape, EncoderShape):
        module, parameters = encoder.export(shape, device)
        module = _add_metadata(relax.BlockBuilder(module), _encoder_metadata(shape, parameters))
        bounds = {"seq_len": shape.context, "batch_size": shape.batch}
    else:
        module, parameters = llama.export(shape, device)
        module = _add_samplers(module, shape, _metadata(shape, parameters))
        bounds = {"seq_len": shape.chunk, "total_seq_len": shape.context, "batch_size": 1}
        # `n` also counts the tokens of a penalty or a bias.
        bounds |= {"b": 1, "m": 1, "n": shape.vocabulary}
    for name, function in list(module.functions.items()):
        if isinstance(function, relax.Function):
            module[name] = function.with_attr("tir_var_upper_bound", bounds)
    with device, tvm.transform.PassContext(opt_level=3):
        executable = relax.build(module, device, relax_pipeline=_pipeline(device))

    def link(path: str, objects: list[str], _options=None, **_more) -> None:
        runtime.link(Path(path), [Path(name) for name in objects], scratch)

    link.object_format = "o"
    executable.export_library(str(output), fcompile=link)


def _pipeline(device: tvm.target.Target):
    passes = relax.transform
    return tvm.transform.Sequential(
        [
            *gpu.library_dispatch_passes(device),
            passes.LegalizeOps(),
            passes.AnnotateTIROpPattern(),
            passes.FoldConstant(),
            passes.FuseOps(),
            passes.FuseTIR(),
            dlight.ApplyDefaultSchedule(*_RULES),
            *gpu.dataflow_lower_passes(device),
            *gpu.finalize_passes(device),
        ]
    )


def _metadata(shape: LlamaShape, parameters) -> str:
    return json.dumps(
        {
            "model_type": "llama",
            "quantization": shape.matrices,
            "context_window_size": shape.context,
            "sliding_window_size": -1,
            "attention_sink_size": -1,
            "prefill_chunk_size": shape.chunk,
            "tensor_parallel_shards": 1,
            "kv_state_kind": "kv_cache",
            "params": _described(parameters),
        }
    )


def _encoder_metadata(shape: EncoderShape, parameters) -> str:
    return json.dumps(
        {
            "model_type": "bert",
            "quantization": "f32",
            "context_window_size": shape.context,
            "sliding_window_size": -1,
            "attention_sink_size": -1,
            "prefill_chunk_size": shape.context,
            "max_batch_size": shape.batch,
            "tensor_parallel_shards": 1,
            "kv_state_kind": "none",
            "params": _described(parameters),
        }
    )


def _described(parameters) -> list[dict]:
    return [
        {"name": name, "shape": [int(size) for size in value.shape], "dtype": str(value.dtype)}
        for name, value in parameters
    ]


def _add_metadata(builder: relax.BlockBuilder, metadata: str) -> tvm.IRModule:
    """Adds the text that WebLLM reads."""
    with builder.function("_metadata", []):
        builder.emit_func_output(tvm.ir.StringImm(metadata))
    return builder.finalize()


def _add_samplers(module: tvm.IRModule, shape: LlamaShape, metadata: str) -> tvm.IRModule:
    """The functions that WebLLM calls by name beside the network, and the metadata that it reads."""
    builder = relax.BlockBuilder(module)
    vocabulary = shape.vocabulary
    add = _Functions(builder)
    words = (vocabulary + 31) // 32

    def tensor(*sizes: str | int, dtype: str = "int32"):
        """A function of the symbols in it: each function has to have symbols of its own."""
        return lambda symbols: relax.TensorType([symbols.get(size, size) for size in sizes], dtype)

    scores, tokens = tensor("b", vocabulary, dtype="float32"), tensor("b", vocabulary)
    indices, numbers = tensor("n"), tensor("n", dtype="float32")
    add.in_place("apply_bitmask_inplace", logits.bitmask(vocabulary), [scores, indices, tensor("b", words)])
    add.in_place("apply_logit_bias_inplace", logits.bias(vocabulary), [scores, indices, indices, numbers])
    add.in_place(
        "apply_penalty_inplace",
        logits.penalty(vocabulary),
        [scores, tensor("m"), indices, indices, indices, tensor("m", 3, dtype="float32")],
    )
    kernels = [sort.sort_blocks(vocabulary)]
    kernels += [sort.merge_runs(vocabulary, *level) for level in sort.merge_levels(vocabulary)]
    add.chain("argsort_probs", kernels, [scores], [scores, tokens])
    add.chain(
        "sample_with_top_p",
        [top_p.sample_top_p(vocabulary)],
        [scores, tokens, numbers, indices, tensor("b", dtype="float32")],
        [indices],
    )
    return _add_metadata(builder, metadata)


class _Functions:
    """Adds Relax functions that call kernels of ours."""

    def __init__(self, builder: relax.BlockBuilder) -> None:
        self._builder = builder

    def in_place(self, name: str, kernel, arguments: list) -> None:
        """A function that changes its first argument and returns it."""
        variable = self._builder.add_func(kernel, f"{name}_kernel")
        types = _types(arguments)
        values = _variables(types)
        with self._builder.function(name, values):
            call = relax.op.call_tir_inplace(variable, values, [0], types[0])
            self._builder.emit_func_output(self._builder.emit(call))

    def chain(self, name: str, kernels: list, arguments: list, results: list) -> None:
        """A function that calls kernels one after the other, each with what the one before returned."""
        variables = [self._builder.add_func(kernel, f"{name}_kernel_{i}") for i, kernel in enumerate(kernels)]
        types = _types([*arguments, *results])
        values, returned = _variables(types[: len(arguments)]), types[len(arguments) :]
        with self._builder.function(name, values):
            for variable in variables:
                wanted = returned if len(returned) > 1 else returned[0]
                out = self._builder.emit(relax.op.call_tir(variable, values, wanted))
                if variable is not variables[-1]:
                    values = [self._builder.emit(relax.TupleGetItem(out, i)) for i in range(len(returned))]
            self._builder.emit_func_output(out)


def _types(makers: list) -> list[relax.TensorType]:
    symbols = {name: tirx.Var(name, "int64") for name in "bnm"}
    return [make(symbols) for make in makers]


def _variables(types: list[relax.TensorType]) -> list[relax.Var]:
    return [relax.Var(f"argument_{i}", kind) for i, kind in enumerate(types)]
