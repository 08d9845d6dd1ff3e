# expect: finished
# stdout: "alive\n"
import signal
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    pass
except Exception:
    pass
try:
    signal.alarm(1)
except AttributeError:
    pass
print("alive")
