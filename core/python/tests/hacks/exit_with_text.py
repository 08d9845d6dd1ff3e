# expect: exit 1
# stderr: "sorry\n"
import sys
sys.exit("sorry")
