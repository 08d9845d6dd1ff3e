# expect: finished
# stdout: "1/2\n"
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        return None
sys.meta_path.insert(0, Finder())
sys.path_hooks.clear()
import fractions
print(fractions.Fraction(1, 2))
