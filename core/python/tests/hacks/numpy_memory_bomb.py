# expect: out-of-memory
import numpy
numpy.ones((40000, 40000))
