"""The mean pairwise distance as the reference computes it: plain Python loops. Prints ms."""
import math
import sys
import time

import numpy as np

rows = np.load(sys.argv[1]).tolist()
start = time.perf_counter()
total = 0.0
for i, a in enumerate(rows):
    for b in rows[i + 1 :]:
        total += math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))
print((time.perf_counter() - start) * 1000)
