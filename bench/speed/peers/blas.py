"""Which BLAS numpy has and which of its kernels runs on this processor."""
import ctypes

import numpy as np

np.ones((2, 2)) @ np.ones((2, 2))
found = "unknown BLAS"
try:
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line.lower() and "/" in line}
    for path in sorted(paths):
        library = ctypes.CDLL(path)
        for name in ("openblas_get_corename", "scipy_openblas_get_corename64_", "openblas_get_corename64_"):
            if hasattr(library, name):
                corename = getattr(library, name)
                corename.restype = ctypes.c_char_p
                found = f"OpenBLAS for {corename().decode()}"
except OSError:
    pass
print(found)
