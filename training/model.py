"""A small pre-norm Transformer (Vaswani et al. 2017), one encoder pass for several target
languages.

Shapes: S sources of n pieces, T targets of m pieces; `origin` (T,) says which source a target
translates. Everything below runs on a CPU in bfloat16 autocast; see README.md for what was
measured.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PAD = 1
HIDDEN = -1e4  # added to the attention score of what must not be seen
ALIGNMENT_LAYER = 0  # of the decoder: the one before the last, as in Garg et al. 2019


@dataclass(frozen=True)
class Shape:
    """The size of a model; `encoder` and `decoder` count layers."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    inner: int = 1024
    encoder: int = 6
    decoder: int = 2
    dropout: float = 0.1

    def as_dict(self) -> dict:
        return asdict(self)


class Dropout(nn.Module):
    """Dropout with masks sliced out of one random pool: drawing them afresh takes 60% of a CPU
    forward pass."""

    SIZE = 1 << 23

    def __init__(self, p: float):
        super().__init__()
        self.p = p
        self.pool: Tensor | None = None
        self.uses = 0

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.p:
            return x
        if self.pool is None or self.uses % 50_000 == 0:
            self.pool = (torch.rand(self.SIZE) >= self.p).to(torch.bfloat16) / (1 - self.p)
        self.uses += 1
        start = int(torch.randint(0, self.SIZE - x.numel(), (1,)))
        return x * self.pool[start : start + x.numel()].view(x.shape)


class Attention(nn.Module):
    """Multi-head attention; over `memory` where it is given, else over `x` itself."""

    def __init__(self, width: int, heads: int, cross: bool):
        super().__init__()
        self.heads, self.cross = heads, cross
        if cross:
            self.q, self.kv = nn.Linear(width, width), nn.Linear(width, 2 * width)
        else:
            self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        return x.view(x.size(0), x.size(1), self.heads, -1).transpose(1, 2)

    def forward(
        self,
        x: Tensor,
        bias: Tensor,
        memory: Tensor | None = None,
        origin: Tensor | None = None,
        aligned: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """The output, and with `aligned` the log-probabilities (T, m, n) of the first head's
        attention.

        `bias` is added to the scores: HIDDEN where nothing may be seen. Spelt out, this is four
        times as fast backwards as `scaled_dot_product_attention` with a mask on a CPU.
        """
        if self.cross:
            assert memory is not None
            query = self.split(self.q(x))
            key, value = (self.split(y[origin]) for y in self.kv(memory).chunk(2, -1))
        else:
            query, key, value = (self.split(y) for y in self.qkv(x).chunk(3, -1))
        scores = query @ key.transpose(-1, -2) * query.size(-1) ** -0.5 + bias
        y = self.out((scores.softmax(-1) @ value).transpose(1, 2).reshape(x.shape))
        return y, scores[:, 0].float().log_softmax(-1) if aligned else None


class Layer(nn.Module):
    """A layer of the encoder or of the decoder; normalises before each part."""

    def __init__(self, shape: Shape, decoder: bool):
        super().__init__()
        width = shape.width
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, shape.heads, cross=False)
        if decoder:
            self.norm2 = nn.LayerNorm(width)
            self.cross = Attention(width, shape.heads, cross=True)
        self.norm3 = nn.LayerNorm(width)
        self.linear1, self.linear2 = nn.Linear(width, shape.inner), nn.Linear(shape.inner, width)
        self.decoder = decoder

    def forward(self, x, drop, bias, memory=None, memory_bias=None, origin=None, aligned=False):
        x = x + drop(self.attention(self.norm1(x), bias)[0])
        links = None
        if self.decoder:
            y, links = self.cross(self.norm2(x), memory_bias, memory, origin, aligned)
            x = x + drop(y)
        return x + drop(self.linear2(F.relu(self.linear1(self.norm3(x))))), links


class Transformer(nn.Module):
    """Encoder and decoder over one vocabulary, with one embedding for input and output."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.encoder = nn.ModuleList(Layer(shape, False) for _ in range(shape.encoder))
        self.decoder = nn.ModuleList(Layer(shape, True) for _ in range(shape.decoder))
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder_norm = nn.LayerNorm(shape.width)
        self.drop = Dropout(shape.dropout)
        half = shape.width // 2
        rate = torch.exp(torch.arange(half) * -(math.log(10_000) / (half - 1)))
        angle = torch.arange(1, 1025)[:, None] * rate[None]
        self.register_buffer("position", torch.cat([angle.sin(), angle.cos()], 1), persistent=False)

    def embed(self, pieces: Tensor) -> Tensor:
        x = self.embedding(pieces) * math.sqrt(self.shape.width) + self.position[: pieces.size(1)]
        return self.drop(x.to(torch.bfloat16) if torch.is_autocast_enabled("cpu") else x)

    def forward(self, source: Tensor, target: Tensor, origin: Tensor) -> tuple[Tensor, Tensor]:
        """Decoder states (T, m, width) and the log-probabilities (T, m, n) of the alignment head.

        `source` (S, n) and `target` (T, m) are piece ids, padded with PAD.
        """
        x = self.embed(source)
        hidden = torch.zeros_like(source, dtype=x.dtype)
        hidden = hidden.masked_fill(source == PAD, HIDDEN)[:, None, None, :]
        for layer in self.encoder:
            x, _ = layer(x, self.drop, hidden)
        x = self.encoder_norm(x)
        y, links = self.embed(target), None
        future = torch.full((target.size(1), target.size(1)), HIDDEN, dtype=y.dtype).triu(1)
        for number, layer in enumerate(self.decoder):
            aligned = number == ALIGNMENT_LAYER
            y, found = layer(y, self.drop, future, x, hidden[origin], origin, aligned)
            links = found if aligned else links
        assert links is not None
        return self.decoder_norm(y), links

    def loss(self, states: Tensor, labels: Tensor, smoothing: float) -> Tensor:
        """Mean label-smoothed cross entropy of `labels` (N,) given `states` (N, width)."""
        return _ProjectedCrossEntropy.apply(
            states, self.embedding.weight, self.bias, labels, smoothing
        )


class _ProjectedCrossEntropy(torch.autograd.Function):
    """Projection to the vocabulary and cross entropy in one, some rows at a time.

    The scores of a batch over the vocabulary would be the largest tensor of a step, read and
    written in several passes; a slice of them stays in the cache, and its gradient is made at once.
    """

    ROWS = 256

    @staticmethod
    def forward(ctx, states, weight, bias, labels, smoothing):
        low = weight.to(torch.bfloat16)
        flat = states.to(torch.bfloat16)
        count, size = len(labels), len(weight)
        d_states = torch.empty_like(flat)
        d_weight = torch.zeros_like(weight, dtype=torch.float32)
        d_bias = torch.zeros_like(bias)
        total = 0.0
        for at in range(0, count, _ProjectedCrossEntropy.ROWS):
            rows = slice(at, at + _ProjectedCrossEntropy.ROWS)
            scores = (flat[rows] @ low.T).float().add_(bias)
            logp = scores.log_softmax(-1)
            picked = logp.gather(1, labels[rows, None])
            total += float(-(1 - smoothing) * picked.sum() - smoothing / size * logp.sum())
            grad = logp.exp_().sub_(smoothing / size)
            grad.scatter_add_(1, labels[rows, None], torch.full_like(picked, smoothing - 1))
            d_bias += grad.sum(0)
            grad = grad.to(torch.bfloat16)
            d_states[rows] = grad @ low
            d_weight += grad.T @ flat[rows]
        ctx.save_for_backward(d_states, d_weight, d_bias)
        ctx.count, ctx.kind = count, states.dtype
        return states.new_tensor(total / count, dtype=torch.float32)

    @staticmethod
    def backward(ctx, grad):
        d_states, d_weight, d_bias = ctx.saved_tensors
        scale = grad / ctx.count
        return (d_states * scale).to(ctx.kind), d_weight * scale, d_bias * scale, None, None
