# expect: exception RecursionError
import threading
def main():
    thread = threading.Thread(target=main)
    thread.start()
import sys
def fail(args):
    raise args.exc_value
threading.excepthook = fail
main()
