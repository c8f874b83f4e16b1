"""Names for the arrays that the statistics take and give back."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# of any width: millions of codes and weeks are kept in one or two bytes each
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
