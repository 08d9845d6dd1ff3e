# expect: finished
# stdout: "on\n"
import sys, threading
thread = threading.Thread(target=sys.exit)
thread.start()
thread.join()
print("on")
