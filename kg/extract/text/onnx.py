"""Models in ONNX form, run as the whole extraction runs: on one thread, on the processor, without chatter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

__all__ = ["session"]


def session(model: bytes) -> onnxruntime.InferenceSession:
    """A session of onnxruntime for a serialised model; more threads would change sums, and take the cores of others."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
