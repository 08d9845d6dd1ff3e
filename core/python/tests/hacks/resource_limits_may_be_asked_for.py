# expect: finished
# stdout: "True\n"
import resource, sys
resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(sys.maxsize == 2 ** 63 - 1)
