# expect: exit -1
import sys
sys.exit(2 ** 70)
