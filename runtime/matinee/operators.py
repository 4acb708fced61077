"""The operators that a network may have: those that Matinee's exporters write, and those of similar encoders.

None of them loops, draws random numbers, reads a file or makes text; but for `If`, none has a graph of its own.
"""

from __future__ import annotations

MICROSOFT = "com.microsoft"

_STANDARD = """
Abs Add And AveragePool BatchNormalization BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast CastLike Ceil Celu
Clip Concat Constant ConstantOfShape Conv ConvInteger Cos CumSum DepthToSpace DequantizeLinear Div
DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm
GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity If
InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization
LpPool MatMul MatMulInteger Max MaxPool Mean MeanVarianceNormalization Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow
QLinearConv QLinearMatMul QuantizeLinear RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax
ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize RotaryEmbedding Round ScatterElements
ScatterND Selu Shape Sigmoid Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish
Tanh ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze Where Xor ArgMax ArgMin Attention
"""

_MICROSOFT = """
Attention BiasGelu BiasSplitGelu DequantizeLinear DynamicQuantizeMatMul EmbedLayerNormalization FastGelu FusedConv
FusedGemm FusedMatMul Gelu GroupNorm MatMulInteger16 MatMulIntegerToFloat MatMulNBits MultiHeadAttention NhwcMaxPool
QAttention QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul
QLinearSigmoid QLinearSoftmax QLinearWhere QuantizeLinear QuickGelu RotaryEmbedding SkipGroupNorm
SkipLayerNormalization SkipSimplifiedLayerNormalization
"""

OPERATORS = {
    **dict.fromkeys(("", "ai.onnx"), frozenset([*_STANDARD.split(), "SimplifiedLayerNormalization"])),
    MICROSOFT: frozenset(_MICROSOFT.split()),
}
"""Allowed operators by domain. SimplifiedLayerNormalization is onnxruntime's, written into the standard's domain."""

MEASURES = frozenset({"Shape", "Size"})
"""Operators whose output depends on how large their input is, and not on what it holds."""

SIZES = {
    "ConstantOfShape": (0,),
    "Expand": (1,),
    "OneHot": (1,),
    "Pad": (1,),
    "Range": (0, 1, 2),
    "Resize": (1, 2, 3),
    "Tile": (1,),
}
"""Positions of the inputs that set an output's size, by operator: a few bytes may request any amount of memory."""

AT_LEAST_ONE = ("block_size", "dilations", "group", "kernel_shape", "num_heads", "num_outputs", "strides")
"""Attributes that are counts or lengths, and so at least 1."""

LARGEST_ATTRIBUTE = 1 << 16
"""Largest value of such an attribute, or of padding."""
