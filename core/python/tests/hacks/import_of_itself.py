# expect: finished
# stdout: "no\n__main__ __main__ main.py\n"
try:
    import main
except ImportError:
    print("no")
import __main__
print(__main__.__name__, __name__, __file__)
