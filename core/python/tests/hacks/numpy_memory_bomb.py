# expect: out-of-memory
import numpy
numpy.ones((10000, 10000))
