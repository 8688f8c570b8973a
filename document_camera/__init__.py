"""Pages under a camera: found, flattened, judged and enhanced. NumPy and OpenCV alone."""
