# expect: finished
# stdout: "200000\n"
import sys, threading
sys.setrecursionlimit(10 ** 7)
threading.stack_size(2 ** 27)
def f(n):
    return 0 if n == 0 else 1 + f(n - 1)
def main():
    print(f(200000))
thread = threading.Thread(target=main)
thread.start()
thread.join()
