"""To and from CTranslate2's format: what a package ships, and what a later training can go on
from."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.model import ALIGNMENT_LAYER, Transformer

# CTranslate2's name of each part of a layer, and ours.
LAYER = {
    "self_attention/layer_norm": "norm1",
    "self_attention/linear_0": "attention.qkv",
    "self_attention/linear_1": "attention.out",
    "attention/layer_norm": "norm2",
    "attention/linear_0": "cross.q",
    "attention/linear_1": "cross.kv",
    "attention/linear_2": "cross.out",
    "ffn/layer_norm": "norm3",
    "ffn/linear_0": "linear1",
    "ffn/linear_1": "linear2",
}


def export(
    model: Transformer, vocabulary: Sequence[str], folder: Path, quantization="int8"
) -> None:
    """Write `model` to `folder` (replaced whole); its first head of ALIGNMENT_LAYER is the
    alignment head."""
    from ctranslate2.specs import TransformerSpec, common_spec

    shape = model.shape
    spec = TransformerSpec.from_config(
        (shape.encoder, shape.decoder),
        shape.heads,
        pre_norm=True,
        activation=common_spec.Activation.RELU,
        alignment_layer=ALIGNMENT_LAYER,
        alignment_heads=1,
    )
    for side, layers, norm in (
        (spec.encoder, model.encoder, model.encoder_norm),
        (spec.decoder, model.decoder, model.decoder_norm),
    ):
        for target, layer in zip(side.layer, layers, strict=True):
            for theirs, ours in LAYER.items():
                if layer.decoder or not theirs.startswith("attention"):
                    _copy(_part(target, theirs), layer.get_submodule(ours))
        _copy(side.layer_norm, norm)
        side.scale_embeddings = True
    embedding = model.embedding.weight.detach().float().numpy()
    spec.encoder.embeddings[0].weight = embedding
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    spec.decoder.projection.bias = model.bias.detach().float().numpy()
    spec.register_source_vocabulary(list(vocabulary))
    spec.register_target_vocabulary(list(vocabulary))
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
    spec.config.add_source_bos, spec.config.add_source_eos = False, True
    spec.config.decoder_start_token = "<s>"
    spec.validate()
    spec.optimize(quantization=quantization)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec.save(str(folder))


def _part(spec, name: str):
    for step in name.split("/"):
        listed = re.fullmatch(r"(linear)_(\d)", step)
        if listed and not hasattr(spec, step):
            spec = getattr(spec, listed[1])[int(listed[2])]
        else:
            spec = getattr(spec, step)
    return spec


def _copy(spec, module: nn.Module) -> None:
    names = ("gamma", "beta") if isinstance(module, nn.LayerNorm) else ("weight", "bias")
    for name, value in zip(names, (module.weight, module.bias), strict=True):
        setattr(spec, name, value.detach().float().numpy())


def load(model: Transformer, path: Path) -> None:
    """Start `model` from the `model.bin` of a package that `export` wrote, perhaps of a smaller
    model.

    Layers that the file lacks start as the identity, pieces that it lacks at random. The int8
    weights of a package lose nothing that training notices.
    """
    found = dict(_variables(path))
    with torch.no_grad():
        for side, layers, norm in (
            ("encoder", model.encoder, model.encoder_norm),
            ("decoder", model.decoder, model.decoder_norm),
        ):
            for number, layer in enumerate(layers):
                for theirs, ours in LAYER.items():
                    if not layer.decoder and theirs.startswith("attention"):
                        continue
                    module = layer.get_submodule(ours)
                    if not _read(module, found, f"{side}/layer_{number}/{theirs}") and theirs in (
                        "self_attention/linear_1",
                        "attention/linear_2",
                        "ffn/linear_1",
                    ):
                        module.weight.zero_()
                        module.bias.zero_()
            _read(norm, found, f"{side}/layer_norm")
        projection = found["decoder/embeddings/weight"]
        model.embedding.weight[: len(projection)] = torch.from_numpy(projection)
        bias = found["decoder/projection/bias"]
        model.bias[: len(bias)] = torch.from_numpy(bias)


def _read(module: nn.Module, found: dict[str, np.ndarray], name: str) -> bool:
    names = ("gamma", "beta") if isinstance(module, nn.LayerNorm) else ("weight", "bias")
    if f"{name}/{names[0]}" not in found:
        return False
    module.weight.copy_(torch.from_numpy(found[f"{name}/{names[0]}"]))
    module.bias.copy_(torch.from_numpy(found[f"{name}/{names[1]}"]))
    return True


def _variables(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """The float variables of a CTranslate2 file (`ctranslate2.specs.model_spec._serialize` is its
    writer)."""
    kinds = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
    raw = {}
    with open(path, "rb") as file:

        def integer(code: str) -> int:
            return struct.unpack(code, file.read(struct.calcsize(code)))[0]

        def string() -> str:
            return file.read(integer("H"))[:-1].decode()

        integer("I"), string(), integer("I")
        for _ in range(integer("I")):
            name = string()
            dims = [integer("I") for _ in range(integer("B"))]
            kind = kinds[integer("B")]
            raw[name] = np.frombuffer(file.read(integer("I")), kind).reshape(dims)
        for _ in range(integer("I")):
            alias = string()
            raw[alias] = raw[string()]
    for name, value in raw.items():
        scale = raw.get(f"{name}_scale")
        if scale is not None:
            yield name, (value.astype(np.float32) / scale[:, None]).astype(np.float32)
        elif value.ndim and not name.endswith("_scale"):
            yield name, value.astype(np.float32)
