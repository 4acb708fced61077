"""A transformer's last block, computed only for the one token of each row that pooling keeps.

In: open_clip's block and its input, (batch, tokens, width). Out: the block's result for that token, (batch, 1, width).
Keys and values are still computed for all tokens; the query, the projection after attention and the MLP, five sixths of
the block's multiplications, for one.
"""

from __future__ import annotations

import torch
from open_clip.transformer import ResidualAttentionBlock
from torch.nn import functional


class PooledBlock(torch.nn.Module):
    """A block of a transformer, computed for one token of each row.

    Args:
        block: The block; its parameters are shared, not changed.
    """

    def __init__(self, block: ResidualAttentionBlock) -> None:
        super().__init__()
        self.block = block
        attention = block.attn
        # Split here, so that the exported network holds three matrices instead of one matrix and nodes that split it.
        self.matrices = torch.nn.ParameterList(attention.in_proj_weight.detach().chunk(3))
        self.biases = torch.nn.ParameterList(attention.in_proj_bias.detach().chunk(3))

    def forward(self, hidden: torch.Tensor, kept: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Return the block's result for the kept tokens, float32 (batch, 1, width).

        Args:
            hidden: The block's input, float32 (batch, tokens, width).
            kept: The kept token of each row of `hidden`, float32 (batch, 1, width).
            mask: Added to the kept tokens' attention scores, float32 (batch, 1, 1, tokens).
        """
        block, normal = self.block, self.block.ln_1(hidden)
        query, key, value = (self._heads(part, x) for part, x in enumerate((block.ln_1(kept), normal, normal)))
        mixed = functional.scaled_dot_product_attention(query, key, value, mask)  # (batch, heads, 1, head width)
        kept = kept + block.ls_1(block.attn.out_proj(mixed.transpose(1, 2).flatten(2)))
        result: torch.Tensor = kept + block.ls_2(block.mlp(block.ln_2(kept)))
        return result

    def _heads(self, part: int, x: torch.Tensor) -> torch.Tensor:
        """Return the query, key or value (`part` 0 to 2) of x, (batch, tokens, width), split by head.

        Out: (batch, heads, tokens, head width).
        """
        linear = functional.linear(x, self.matrices[part], self.biases[part])
        return linear.reshape(*x.shape[:2], self.block.attn.num_heads, -1).transpose(1, 2)
